package org.posthorn.certificates;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.storage.AtomicFiles;

/** Makes certificates (RFC 5280) with ECDSA keys on P-256, by Bouncy Castle. */
final class CertificateMaker {
    private static final Duration BACKDATED = Duration.ofDays(1);
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    /** What browsers and mail programs accept at most. */
    private static final Duration SERVER_LIFE = Duration.ofDays(397);

    private CertificateMaker() {}

    static void makeAuthority(CertificateFiles files, Instant now) throws IOException, GeneralSecurityException {
        KeyPair keys = newKeys();
        X500Name name = new X500Name("CN=Posthorn demonstration authority " + Long.toString(now.getEpochSecond(), 36));
        var builder = builder(name, name, keys, now, AUTHORITY_LIFE);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
        write(files, keys.getPrivate(), List.of(sign(builder, keys.getPrivate())));
    }

    static void makeCertificate(CertificateFiles files, CertificateFiles authority, List<String> names, Instant now)
            throws IOException, GeneralSecurityException {
        Identity issuer = Identity.read(authority);
        X509Certificate issuing = issuer.chain().getFirst();
        KeyPair keys = newKeys();
        var builder = builder(
                new X500Name(issuing.getSubjectX500Principal().getName()),
                new X500Name("CN=" + names.getFirst()),
                keys,
                now,
                SERVER_LIFE);
        var extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(
                        names.stream().map(CertificateMaker::generalName).toArray(GeneralName[]::new)));
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(keys.getPublic()));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                extensions.createAuthorityKeyIdentifier(issuing.getPublicKey()));
        write(files, keys.getPrivate(), List.of(sign(builder, issuer.key()), issuing));
    }

    private static GeneralName generalName(String name) {
        return new GeneralName(CertificateNames.isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, KeyPair keys, Instant now, Duration life) {
        // RFC 5280 4.1.2.2: at most 20 octets, positive, and here not to be guessed.
        BigInteger serial = new BigInteger(127, new SecureRandom()).add(BigInteger.ONE);
        return new JcaX509v3CertificateBuilder(
                issuer,
                serial,
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(life).minus(BACKDATED)),
                subject,
                keys.getPublic());
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException("cannot sign", e);
        }
    }

    private static void write(CertificateFiles files, PrivateKey key, List<X509Certificate> chain)
            throws IOException, GeneralSecurityException {
        StringBuilder pem = new StringBuilder();
        for (X509Certificate certificate : chain) {
            pem.append("-----BEGIN CERTIFICATE-----\n")
                    .append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded()))
                    .append("\n-----END CERTIFICATE-----\n");
        }
        AtomicFiles.write(files.key(), PrivateKeys.write(key).getBytes(StandardCharsets.US_ASCII));
        AtomicFiles.write(files.chain(), pem.toString().getBytes(StandardCharsets.US_ASCII));
        // Certificates are public: clients of other users are to trust the authority.
        Files.setPosixFilePermissions(files.chain(), PosixFilePermissions.fromString("rw-r--r--"));
    }
}
