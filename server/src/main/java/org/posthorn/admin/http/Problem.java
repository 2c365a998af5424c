package org.posthorn.admin.http;

import java.util.Arrays;
import java.util.Optional;
import org.posthorn.admin.AdminException;
import org.posthorn.json.JsonObject;
import org.posthorn.server.http.BadRequestException;

/**
 * What cannot be done, as a problem of RFC 9457. Its type stays the same from release to release; the detail is for people.
 *
 * @param detail one line
 */
record Problem(Type type, String detail) {
    private static final String URN = "urn:posthorn:problem:";

    /** Kinds of problems with the statuses they have. */
    enum Type {
        MALFORMED(400, "The request is not understood", AdminException.Kind.INVALID),
        NOT_FOUND(404, "It is not there", AdminException.Kind.NOT_FOUND),
        METHOD_NOT_ALLOWED(405, "The resource does not take this method", AdminException.Kind.INVALID),
        EXISTS(409, "It is there already", AdminException.Kind.EXISTS),
        IN_USE(409, "Something else needs it", AdminException.Kind.IN_USE),
        CONFLICT(409, "What is there does not allow it", AdminException.Kind.CONFLICT),
        TOO_LARGE(413, "The request is too large", AdminException.Kind.TOO_LARGE),
        INVALID(422, "The request says what cannot be", AdminException.Kind.INVALID),
        FAILED(500, "Something of the server's failed", AdminException.Kind.FAILED),
        BUSY(503, "Too much is asked for at once", AdminException.Kind.BUSY);

        private final int status;
        private final String title;
        private final AdminException.Kind kind;

        Type(int status, String title, AdminException.Kind kind) {
            this.status = status;
            this.title = title;
            this.kind = kind;
        }

        int status() {
            return status;
        }

        /** Its name in answers. */
        String urn() {
            return URN + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        private static Type of(AdminException.Kind kind) {
            return switch (kind) {
                case INVALID -> INVALID;
                case TOO_LARGE -> TOO_LARGE;
                case NOT_FOUND -> NOT_FOUND;
                case EXISTS -> EXISTS;
                case IN_USE -> IN_USE;
                case CONFLICT -> CONFLICT;
                case BUSY -> BUSY;
                case FAILED -> FAILED;
            };
        }
    }

    static Problem of(AdminException e) {
        return new Problem(Type.of(e.kind()), e.text());
    }

    static Problem of(BadRequestException e) {
        Type type = switch (e.status()) {
            case 404 -> Type.NOT_FOUND;
            case 405 -> Type.METHOD_NOT_ALLOWED;
            case 413 -> Type.TOO_LARGE;
            default -> Type.MALFORMED;
        };
        return new Problem(type, String.valueOf(e.getMessage()));
    }

    JsonObject json() {
        return JsonObject.builder()
                .put("type", type.urn())
                .put("title", type.title)
                .put("status", type.status)
                .put("detail", detail)
                .build();
    }

    /** What an answer with a status of 400 or more says. */
    static AdminException exception(int status, JsonObject json) {
        Optional<String> urn = json.text("type");
        AdminException.Kind kind = Arrays.stream(Type.values())
                .filter(type -> urn.equals(Optional.of(type.urn())))
                .map(type -> type.kind)
                .findFirst()
                .orElse(status < 500 ? AdminException.Kind.INVALID : AdminException.Kind.FAILED);
        return new AdminException(kind, json.text("detail").orElse("status " + status));
    }
}
