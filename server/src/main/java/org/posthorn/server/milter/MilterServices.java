package org.posthorn.server.milter;

import java.time.InstantSource;
import org.posthorn.flow.authentication.Authenticator;
import org.posthorn.flow.authentication.DispositionRules;
import org.posthorn.flow.submission.DkimSigners;
import org.posthorn.log.MailLog;

/**
 * What a session works with.
 *
 * @param rules say what becomes of mail that was judged, where the milter enforces them
 */
public record MilterServices(
        DkimSigners signers, Authenticator authenticator, DispositionRules rules, InstantSource clock, MailLog log) {}
