package org.posthorn.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who may connect to a Unix-domain socket: those who may write to its file.
 *
 * @param group whose file it is; empty: that of any new file there
 */
public record SocketAccess(Set<PosixFilePermission> permissions, Optional<String> group) {
    /** In the order of the bits, the lowest first. */
    private static final List<PosixFilePermission> BITS =
            List.of(PosixFilePermission.values()).reversed();

    /** The owner and the group. */
    public static final SocketAccess STANDARD = new SocketAccess(permissions("0660"), Optional.empty());

    /** The owner alone. */
    public static final SocketAccess OWNER = new SocketAccess(permissions("0600"), Optional.empty());

    public SocketAccess {
        permissions = Set.copyOf(permissions);
    }

    /**
     * Reads a mode as chmod has it, {@code 0660}.
     *
     * @throws IllegalArgumentException for anything but three octal digits, perhaps with a 0 before them
     */
    public static Set<PosixFilePermission> permissions(String mode) {
        if (!mode.matches("0?[0-7]{3}")) {
            throw new IllegalArgumentException("\"" + mode + "\" is not a mode such as \"0660\"");
        }
        int bits = Integer.parseInt(mode, 8);
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < BITS.size(); bit++) {
            if ((bits >> bit & 1) != 0) {
                permissions.add(BITS.get(bit));
            }
        }
        return permissions;
    }

    void giveTo(Path socket) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(socket, PosixFileAttributeView.class);
        if (group.isPresent()) {
            view.setGroup(group(socket, group.get()));
        }
        view.setPermissions(permissions);
    }

    private static GroupPrincipal group(Path socket, String name) throws IOException {
        try {
            return socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(name);
        } catch (UserPrincipalNotFoundException e) {
            throw new IOException("there is no group " + name, e);
        }
    }
}
