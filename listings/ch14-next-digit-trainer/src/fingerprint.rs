//! How data are recognised.

use digits::Sequence;

/// The CRC-32 of all digits: training first, then unseen.
pub fn fingerprint(training: &[Sequence], unseen: &[Sequence]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    for Sequence { context, next } in training.iter().chain(unseen) {
        crc.update(context);
        crc.update(&[*next]);
    }
    crc.finalize()
}
