package org.posthorn.app;

import java.lang.reflect.Proxy;

/**
 * What the process does on a signal. The JDK has no other way than {@code sun.misc.Signal} of its module jdk.unsupported, which the
 * compiler warns of and cannot be told not to; so it is reached by name (decision 180).
 */
final class Signals {
    private Signals() {}

    /**
     * Runs an action, on a thread of its own, each time the signal comes; a signal that whoever started us ignores, as nohup does HUP,
     * stays ignored.
     *
     * @param name without SIG, such as {@code HUP}
     */
    @SuppressWarnings("ReferenceEquality")
    static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(),
                    new Class<?>[] {handler},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "handle" -> {
                            action.run();
                            yield null;
                        }
                        case "equals" -> arguments != null && proxy == arguments[0];
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> name;
                    });
            Object named = signal.getConstructor(String.class).newInstance(name);
            var _ = signal.getMethod("handle", signal, handler).invoke(null, named, ours);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this JVM lets no program handle " + name + ": is it started with -Xrs?", e);
        }
    }
}
