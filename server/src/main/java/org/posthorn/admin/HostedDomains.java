package org.posthorn.admin;

import java.util.concurrent.locks.ReentrantLock;
import org.posthorn.directory.Directory;
import org.posthorn.directory.DirectoryEditor;
import org.posthorn.mail.Domain;
import org.posthorn.signing.DkimKeyRing;

/** Adds and removes domains with their signing keys, which lie in a store of their own. Thread-safe. */
public final class HostedDomains {
    private final Directory directory;
    private final DirectoryEditor editor;
    private final DkimKeyRing keys;
    private final ReentrantLock changing = new ReentrantLock();

    public HostedDomains(Directory directory, DirectoryEditor editor, DkimKeyRing keys) {
        this.directory = directory;
        this.editor = editor;
        this.keys = keys;
    }

    /**
     * Adds a domain, whose keys do not sign before they are activated. The keys come first: after a crash between the two the domain is
     * not there, nothing is done with the keys, and they are made again when the domain is.
     */
    public void add(Domain domain) {
        changing.lock();
        try {
            // Else the directory refuses it in its own words, and the keys stay as they are.
            if (!directory.isLocal(domain) && !domain.isAddressLiteral()) {
                keys.makeFirst(domain);
            }
            editor.addDomain(domain);
        } finally {
            changing.unlock();
        }
    }

    /** Removes a domain that has no accounts and no aliases. After a crash between the two its keys are known but without effect. */
    public void remove(Domain domain) {
        changing.lock();
        try {
            editor.removeDomain(domain);
            keys.forget(domain);
        } finally {
            changing.unlock();
        }
    }
}
