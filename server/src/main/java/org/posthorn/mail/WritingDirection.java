package org.posthorn.mail;

/** The Bidi Rule of RFC 5893 2, for texts that may be set beside others. */
final class WritingDirection {
    private WritingDirection() {}

    /** Whether the text has no character from right to left, or keeps the rule. */
    static boolean isOne(String text) {
        int[] classes =
                text.codePoints().map(c -> Character.getDirectionality(c)).toArray();
        boolean arabicDigits = false;
        boolean europeanDigits = false;
        boolean left = false;
        boolean right = false;
        int last = Character.DIRECTIONALITY_NONSPACING_MARK;
        for (int direction : classes) {
            arabicDigits |= direction == Character.DIRECTIONALITY_ARABIC_NUMBER;
            europeanDigits |= direction == Character.DIRECTIONALITY_EUROPEAN_NUMBER;
            left |= direction == Character.DIRECTIONALITY_LEFT_TO_RIGHT;
            right |= isRight(direction);
            if (direction != Character.DIRECTIONALITY_NONSPACING_MARK) {
                last = direction;
            }
        }
        if (!right && !arabicDigits) {
            return true;
        }
        boolean endsRight = isRight(last)
                || last == Character.DIRECTIONALITY_EUROPEAN_NUMBER
                || last == Character.DIRECTIONALITY_ARABIC_NUMBER;
        return isRight(classes[0]) && !left && endsRight && !(arabicDigits && europeanDigits);
    }

    private static boolean isRight(int direction) {
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }
}
