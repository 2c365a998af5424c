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
    private final MemorySegment sha256;

    private LibCrypto(SymbolLookup library) throws Throwable {
        readKey = function(library, "d2i_AutoPrivateKey", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
        freeKey = procedure(library, "EVP_PKEY_free", ADDRESS);
        newContext = function(library, "EVP_MD_CTX_new", ADDRESS);
        freeContext = procedure(library, "EVP_MD_CTX_free", ADDRESS);
        signInit = function(library, "EVP_DigestSignInit", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        sign = function(library, "EVP_DigestSign", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
        isA = function(library, "EVP_PKEY_is_a", JAVA_INT, ADDRESS, ADDRESS);
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
            if (key.address() == 0) {
                return Optional.empty();
            }
            int rsa = (int) isA.invokeExact(key, arena.allocateFrom("RSA"));
            // Freed when nobody refers to the key any more: no signature can be under way then.
            MemorySegment owned = key.reinterpret(Arena.ofAuto(), this::free);
            return Optional.of(new Key(owned, rsa == 1));
        } catch (Throwable e) {
            throw new IllegalStateException("libcrypto cannot be called", e);
        }
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
}
