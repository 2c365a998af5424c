package org.posthorn.server.milter;

import java.time.InstantSource;
import org.posthorn.intake.authentication.DispositionRules;
import org.posthorn.intake.authentication.MessageAuthenticator;
import org.posthorn.intake.authentication.VerdictLog;
import org.posthorn.log.MailLog;
import org.posthorn.signing.DkimSigners;

/**
 * What a session works with.
 *
 * @param rules say what becomes of mail that was judged, where the milter enforces them
 * @param verdicts hears of mail that was judged
 */
public record MilterServices(
        DkimSigners signers,
        MessageAuthenticator authenticator,
        DispositionRules rules,
        VerdictLog verdicts,
        InstantSource clock,
        MailLog log) {}
