/** What tests of several packages share. */
@NullMarked
package org.posthorn.testing;

import org.jspecify.annotations.NullMarked;
