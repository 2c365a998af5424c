package org.posthorn.protocol.dkim;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The few functions of OpenSSL 3's libcrypto that signing needs, called through the foreign function interface.
 * Thread-safe: keys are only read, and each signature has a context of its own.
 */
final class LibCrypto {
    private static final int MAX_SIGNATURE = 1024;

    private final MethodHandle readKey;
    private final MethodHandle freeKey;
    private final MethodHandle newContext;
    private final MethodHandle freeContext;
    private final MethodHandle signInit;
    private final MethodHandle sign;
    private final MethodHandle isA;
    private final MethodHandle readPublicKey;
    private final MethodHandle verifyInit;
    private final MethodHandle verify;
    private final MemorySegment sha256;

    private LibCrypto(SymbolLookup library) throws Throwable {
        readKey = function(library, "d2i_AutoPrivateKey", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
        freeKey = procedure(library, "EVP_PKEY_free", ADDRESS);
        newContext = function(library, "EVP_MD_CTX_new", ADDRESS);
        freeContext = procedure(library, "EVP_MD_CTX_free", ADDRESS);
        signInit = function(library, "EVP_DigestSignInit", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        sign = function(library, "EVP_DigestSign", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
        isA = function(library, "EVP_PKEY_is_a", JAVA_INT, ADDRESS, ADDRESS);
        readPublicKey = function(library, "d2i_PUBKEY", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
        verifyInit = function(library, "EVP_DigestVerifyInit", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        verify = function(library, "EVP_DigestVerify", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG);
        sha256 = (MemorySegment) function(library, "EVP_sha256", ADDRESS).invokeExact();
    }

    private static MethodHandle function(
            SymbolLookup library, String name, MemoryLayout result, MemoryLayout... arguments) {
        return Linker.nativeLinker()
                .downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }

    private static MethodHandle procedure(SymbolLookup library, String name, MemoryLayout... arguments) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), FunctionDescriptor.ofVoid(arguments));
    }

    /** The library, unless this machine has none, or an older one, or native access is not allowed. */
    static Optional<LibCrypto> loaded() {
        return Holder.LOADED;
    }

    /** Loads the library at first use, not when the server starts. */
    private static final class Holder {
        static final Optional<LibCrypto> LOADED = load();

        private static Optional<LibCrypto> load() {
            try {
                return Optional.of(new LibCrypto(SymbolLookup.libraryLookup("libcrypto.so.3", Arena.global())));
            } catch (Throwable e) {
                // No library, a missing function, or no permission for native access: the JDK signs, only slower.
                return Optional.empty();
            }
        }
    }

    /** Reads a PKCS#8 key; empty when the library does not like it. */
    Optional<Key> key(byte[] pkcs8) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment der = arena.allocateFrom(JAVA_BYTE, pkcs8);
            MemorySegment pointer = arena.allocateFrom(ADDRESS, der);
            MemorySegment key = (MemorySegment) readKey.invokeExact(MemorySegment.NULL, pointer, (long) pkcs8.length);
            der.fill((byte) 0);
            return key.address() == 0 ? Optional.empty() : Optional.of(new Key(owned(key), isRsa(key, arena)));
        } catch (Throwable e) {
            throw new IllegalStateException("libcrypto cannot be called", e);
        }
    }

    /** Reads a SubjectPublicKeyInfo; empty when the library does not like it. */
    Optional<PublicKey> publicKey(byte[] info) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocateFrom(ADDRESS, arena.allocateFrom(JAVA_BYTE, info));
            MemorySegment key =
                    (MemorySegment) readPublicKey.invokeExact(MemorySegment.NULL, pointer, (long) info.length);
            return key.address() == 0 ? Optional.empty() : Optional.of(new PublicKey(owned(key), isRsa(key, arena)));
        } catch (Throwable e) {
            throw new IllegalStateException("libcrypto cannot be called", e);
        }
    }

    /** Freed when nobody refers to the key any more: no call that uses it can be under way then. */
    private MemorySegment owned(MemorySegment key) {
        return key.reinterpret(Arena.ofAuto(), this::free);
    }

    private boolean isRsa(MemorySegment key, Arena arena) throws Throwable {
        return (int) isA.invokeExact(key, arena.allocateFrom("RSA")) == 1;
    }

    private void free(MemorySegment key) {
        try {
            freeKey.invokeExact(key);
        } catch (Throwable e) {
            throw new IllegalStateException("libcrypto cannot be called", e);
        }
    }

    /** A private key in native memory. */
    final class Key {
        private final MemorySegment segment;
        private final boolean rsa;

        private Key(MemorySegment segment, boolean rsa) {
            this.segment = segment;
            this.rsa = rsa;
        }

        /** RSA: PKCS#1 1.5 over the SHA-256 of the data; Ed25519: pure, over the data. */
        byte[] sign(byte[] data) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment context = (MemorySegment) newContext.invokeExact();
                try {
                    MemorySegment digest = rsa ? sha256 : MemorySegment.NULL;
                    int begun = (int)
                            signInit.invokeExact(context, MemorySegment.NULL, digest, MemorySegment.NULL, segment);
                    MemorySegment signature = arena.allocate(MAX_SIGNATURE);
                    MemorySegment length = arena.allocateFrom(JAVA_LONG, MAX_SIGNATURE);
                    int done = begun != 1
                            ? begun
                            : (int) sign.invokeExact(
                                    context, signature, length, arena.allocateFrom(JAVA_BYTE, data), (long)
                                            data.length);
                    if (done != 1) {
                        throw new IllegalStateException("libcrypto does not sign");
                    }
                    return signature.asSlice(0, length.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
                } finally {
                    freeContext.invokeExact(context);
                }
            } catch (RuntimeException e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("libcrypto cannot be called", e);
            }
        }
    }

    /** A public key in native memory. */
    final class PublicKey {
        private final MemorySegment segment;
        private final boolean rsa;

        private PublicKey(MemorySegment segment, boolean rsa) {
            this.segment = segment;
            this.rsa = rsa;
        }

        /** RSA: PKCS#1 1.5 over the SHA-256 of the data; Ed25519: pure, over the data. */
        boolean verifies(byte[] data, byte[] signature) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment context = (MemorySegment) newContext.invokeExact();
                try {
                    MemorySegment digest = rsa ? sha256 : MemorySegment.NULL;
                    int begun = (int)
                            verifyInit.invokeExact(context, MemorySegment.NULL, digest, MemorySegment.NULL, segment);
                    return begun == 1
                            && (int) verify.invokeExact(
                                            context,
                                            arena.allocateFrom(JAVA_BYTE, signature),
                                            (long) signature.length,
                                            arena.allocateFrom(JAVA_BYTE, data),
                                            (long) data.length)
                                    == 1;
                } finally {
                    freeContext.invokeExact(context);
                }
            } catch (Throwable e) {
                throw new IllegalStateException("libcrypto cannot be called", e);
            }
        }
    }
}
