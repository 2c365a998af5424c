package org.posthorn.admin;

/**
 * What came of putting something under a name.
 *
 * @param created false where there was something of that name before
 */
public record Put<T>(T value, boolean created) {}
