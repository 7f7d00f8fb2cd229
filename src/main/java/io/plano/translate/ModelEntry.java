package io.plano.translate;

/**
 * A model as a list of models shows it.
 *
 * @param id the name that a client may ask for
 * @param ownedBy who serves it
 */
public record ModelEntry(String id, String ownedBy) {}
