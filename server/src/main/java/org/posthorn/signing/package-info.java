/** Who signs outgoing mail, and with which keys. */
@NullMarked
package org.posthorn.signing;

import org.jspecify.annotations.NullMarked;
