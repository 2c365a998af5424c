@NullMarked
package org.posthorn;

import org.jspecify.annotations.NullMarked;
