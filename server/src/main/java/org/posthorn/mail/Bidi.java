package org.posthorn.mail;

/** The rule for labels in scripts that run from right to left (RFC 5893 2). */
final class Bidi {
    private Bidi() {}

    static boolean isRightToLeft(String label) {
        return label.codePoints().anyMatch(c -> switch (Character.getDirectionality(c)) {
            case Character.DIRECTIONALITY_RIGHT_TO_LEFT,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC,
                    Character.DIRECTIONALITY_ARABIC_NUMBER -> true;
            default -> false;
        });
    }

    static boolean isArabicLetter(char c) {
        return Character.getDirectionality(c) == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }

    /** Whether each label of a domain that has one from right to left keeps the rule. */
    static boolean mayAllStand(String domain) {
        for (String label : domain.split("\\.", -1)) {
            if (!label.isEmpty() && !mayStand(label)) {
                return false;
            }
        }
        return true;
    }

    private static boolean mayStand(String label) {
        int[] points = label.codePoints().toArray();
        boolean rightToLeft;
        switch (Character.getDirectionality(points[0])) {
            case Character.DIRECTIONALITY_LEFT_TO_RIGHT -> rightToLeft = false;
            case Character.DIRECTIONALITY_RIGHT_TO_LEFT, Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC ->
                rightToLeft = true;
            default -> {
                return false;
            }
        }
        boolean european = false;
        boolean arabic = false;
        boolean endsWell = false;
        for (int point : points) {
            byte direction = Character.getDirectionality(point);
            european |= direction == Character.DIRECTIONALITY_EUROPEAN_NUMBER;
            arabic |= direction == Character.DIRECTIONALITY_ARABIC_NUMBER;
            switch (direction) {
                case Character.DIRECTIONALITY_LEFT_TO_RIGHT -> {
                    if (rightToLeft) {
                        return false;
                    }
                    endsWell = true;
                }
                case Character.DIRECTIONALITY_RIGHT_TO_LEFT,
                        Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC,
                        Character.DIRECTIONALITY_ARABIC_NUMBER -> {
                    if (!rightToLeft) {
                        return false;
                    }
                    endsWell = true;
                }
                case Character.DIRECTIONALITY_EUROPEAN_NUMBER -> endsWell = true;
                case Character.DIRECTIONALITY_NONSPACING_MARK -> {}
                case Character.DIRECTIONALITY_EUROPEAN_NUMBER_SEPARATOR,
                        Character.DIRECTIONALITY_COMMON_NUMBER_SEPARATOR,
                        Character.DIRECTIONALITY_EUROPEAN_NUMBER_TERMINATOR,
                        Character.DIRECTIONALITY_OTHER_NEUTRALS,
                        Character.DIRECTIONALITY_BOUNDARY_NEUTRAL -> endsWell = false;
                default -> {
                    return false;
                }
            }
        }
        return endsWell && !(rightToLeft && european && arabic);
    }
}
