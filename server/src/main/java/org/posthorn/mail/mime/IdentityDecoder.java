package org.posthorn.mail.mime;

/** 7bit, 8bit and binary: the bytes are what they are. */
final class IdentityDecoder implements TransferDecoder {
    @Override
    public int decode(byte[] in, int length, byte[] out) {
        System.arraycopy(in, 0, out, 0, length);
        return length;
    }

    @Override
    public int finish(byte[] out) {
        return 0;
    }
}
