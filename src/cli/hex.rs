//! Digests as people compare them.

pub(super) use crate::model::hex::hex;
