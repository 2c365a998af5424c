package org.posthorn.admin.http;

import java.io.IOException;
import org.posthorn.admin.AdminException;

/** What is below one name of {@code /v1}. */
@FunctionalInterface
interface Resource {
    void serve(AdminExchange exchange) throws AdminException, IOException;
}
