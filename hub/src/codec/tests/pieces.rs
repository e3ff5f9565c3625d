//! The same input in any pieces decodes to the same events.

use super::*;
use proptest::prelude::*;

/// Mostly valid frames, in any order.
fn frames() -> impl Strategy<Value = Vec<u8>> {
    let first = prop_oneof![
        8 => prop::sample::select(vec![0x81, 0x01, 0x00, 0x80, 0x82, 0x02, 0x89, 0x8a, 0xc1, 0x41, 0x42]),
        1 => prop::sample::select(vec![0x88, 0x83, 0xa1, 0x09]),
    ];
    let payload = prop_oneof![
        ".{0,60}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..40),
        "[ab€🌍]{0,200}".prop_map(|text| encode(
            Opcode::Text,
            text.as_bytes(),
            Encoding::Deflate {
                window_bits: 15,
                threshold: 16
            }
        )
        .payload()
        .to_vec()),
    ];
    prop::collection::vec((first, payload), 1..12).prop_map(|frames| {
        frames
            .iter()
            .flat_map(|(first, payload)| frame(*first, payload))
            .collect()
    })
}

#[test]
fn input_cut_at_any_position_decodes_the_same() {
    let bytes = [
        frame(0x01, "é€".as_bytes()),
        frame(0x89, b"ping"),
        frame(0x80, "🌍".as_bytes()),
        frame(0x82, &[9; 300]),
        frame(0xc1, &[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]),
        frame(0x88, b"\x03\xe8bye"),
    ]
    .concat();
    let whole = decode(&bytes);
    assert_eq!(whole.0.len(), 5);
    for cut in 0..=bytes.len() {
        let (head, tail) = bytes.split_at(cut);
        assert_eq!(decode_pieces([head, tail]), whole, "cut at {cut}");
    }
}

proptest! {
    #[test]
    fn input_byte_by_byte_decodes_the_same(bytes in frames()) {
        prop_assert_eq!(decode_pieces(bytes.chunks(1)), decode(&bytes));
    }

    #[test]
    fn input_in_random_pieces_decodes_the_same(bytes in frames(), sizes in prop::collection::vec(1_usize..40, 1..9)) {
        let (mut pieces, mut rest) = (Vec::new(), &bytes[..]);
        for size in sizes.iter().cycle() {
            if rest.is_empty() { break }
            let (piece, left) = rest.split_at(rest.len().min(*size));
            pieces.push(piece);
            rest = left;
        }
        prop_assert_eq!(decode_pieces(pieces), decode(&bytes));
    }

    #[test]
    fn arbitrary_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let (all, one) = (decode(&bytes), decode_pieces(bytes.chunks(1)));
        prop_assert_eq!(all, one);
    }

    #[test]
    fn arbitrary_bytes_are_inflated_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), limit in 0_usize..2_000) {
        if let Inflated::Whole(data) = inflate(&bytes, limit) {
            prop_assert!(data.len() <= limit);
        }
    }
}
