package org.posthorn.server.milter;

import java.time.InstantSource;
import org.posthorn.flow.authentication.Authenticator;
import org.posthorn.flow.authentication.DispositionRules;
import org.posthorn.flow.authentication.VerdictLog;
import org.posthorn.flow.submission.DkimSigners;
import org.posthorn.log.MailLog;

/**
 * What a session works with.
 *
 * @param rules say what becomes of mail that was judged, where the milter enforces them
 * @param verdicts hears of mail that was judged
 */
public record MilterServices(
        DkimSigners signers,
        Authenticator authenticator,
        DispositionRules rules,
        VerdictLog verdicts,
        InstantSource clock,
        MailLog log) {}
