package io.plano.boot;

public final class Launcher {
    private Launcher() {}

    public static void main(String[] arguments) {}
}
