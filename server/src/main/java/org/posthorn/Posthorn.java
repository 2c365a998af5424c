package org.posthorn;

/** The program: wires the parts and starts the command line. */
public final class Posthorn {
    private Posthorn() {}

    public static void main(String[] args) {
        System.out.println("posthorn");
    }
}
