//! The hub over its public interface.
