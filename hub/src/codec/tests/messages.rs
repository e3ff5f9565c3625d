//! Messages: fragments, UTF-8, compression.

use super::*;
use proptest::prelude::*;

#[test]
fn fragments_are_joined_around_control_frames() {
    let bytes = [
        frame(0x01, b"Hel"),
        frame(0x89, b"?"),
        frame(0x00, b""),
        frame(0x8a, b""),
        frame(0x80, b"lo"),
    ]
    .concat();
    assert_eq!(
        decode(&bytes),
        (vec![Event::Ping(b"?".to_vec()), Event::Pong, text("Hello")], None)
    );
}

#[test]
fn message_of_too_many_empty_fragments_is_too_big() {
    let start = frame(0x01, b"x");
    let allowed = [start.clone(), frame(0x00, b"").repeat(1_024), frame(0x80, b"y")].concat();
    assert_eq!(decode(&allowed), (vec![text("xy")], None));
    let endless = [start, frame(0x00, b"").repeat(1_025)].concat();
    assert_eq!(decode(&endless).1, Some(Fault::TooBig));
}

#[test]
fn invalid_utf_8_is_a_fault_at_its_first_wrong_byte() {
    for wrong in [&b"\xff"[..], b"\xc0", b"\xed\xa0", b"\xf4\x90", b"ok \xce\xbaz\x80"] {
        let rest = 10;
        let announced = frame(0x01, &[wrong, &[b'x'; 10]].concat());
        let (soon, _) = announced.split_at(announced.len() - rest);
        assert_eq!(decode(soon).1.map(Fault::code), Some(1007), "{wrong:?}");
    }
    assert_eq!(fault(&[(0x81, b"\xe2\x82")]), 1007, "cut short at the end");
    assert_eq!(
        fault(&[(0x01, b"\xe2\x82"), (0x80, b"\xac")]),
        0,
        "cut between fragments"
    );
    assert_eq!(fault(&[(0x01, b"\xe2\x82"), (0x80, b"")]), 1007);
    assert_eq!(fault(&[(0x82, b"\xff")]), 0, "bytes need not be UTF-8");
}

#[test]
fn examples_of_rfc_7692_are_inflated() {
    let hello = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
    let (first, second) = hello.split_at(3);
    let stored = [0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00];
    let last = [0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00];
    let two_blocks = [
        0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00,
    ];
    for whole in [&hello[..], &stored, &last, &two_blocks] {
        assert_eq!(decode(&frame(0xc1, whole)), (vec![text("Hello")], None), "{whole:?}");
    }
    let fragments = [frame(0x41, first), frame(0x80, second)].concat();
    assert_eq!(decode(&fragments), (vec![text("Hello")], None));
    assert_eq!(decode(&frame(0xc1, &[0])), (vec![text("")], None));
}

#[test]
fn truncated_deflate_stream_is_not_a_message() {
    let message = b"the quick brown fox jumps over the lazy dog, and the dog over the quick brown fox".repeat(3);
    let whole = Inflated::Whole(message.clone());
    let frame = encode(Opcode::Text, &message, DEFLATE);
    let payload = frame.payload();
    assert!(inflate(&payload, message.len()) == whole);
    for length in 1..payload.len() {
        let cut = inflate(&payload[..length], message.len());
        // The last byte may only be the beginning of the tail that every message shares.
        let only_tail_cut = length + 1 == payload.len() && cut == whole;
        assert!(
            !matches!(cut, Inflated::Whole(_)) || only_tail_cut,
            "{length} of {}",
            payload.len()
        );
    }
    let ended_without_a_byte_more = [0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
    assert_eq!(
        inflate(&ended_without_a_byte_more, LIMIT),
        Inflated::Whole(b"Hello".to_vec())
    );
}

#[test]
fn message_that_inflates_beyond_the_limit_is_too_big() {
    for (length, code) in [(LIMIT, 0), (LIMIT + 1, 1009), (10_000_000, 1009)] {
        let bomb = encode(Opcode::Binary, &vec![0; length], DEFLATE);
        // In fragments of the maximum message size.
        let pieces: Vec<_> = bomb.payload().chunks(LIMIT).map(<[u8]>::to_vec).collect();
        let frames: Vec<_> = (0..pieces.len())
            .map(|n| {
                let fin = if n + 1 == pieces.len() { 0x80 } else { 0 };
                (fin | if n == 0 { 0x42 } else { 0 }, &pieces[n][..])
            })
            .collect();
        assert_eq!(fault(&frames), code, "{length}");
    }
}

const DEFLATE: Encoding = Encoding::Deflate {
    window_bits: 15,
    threshold: 16,
};

#[test]
fn message_is_compressed_only_if_that_makes_it_shorter() {
    let first = |message: &[u8]| encode(Opcode::Text, message, DEFLATE).bytes()[0];
    assert_eq!(first(&[b'a'; 15]), 0x81, "below the threshold");
    assert_eq!(first(&[b'a'; 16]), 0xc1);
    assert_eq!(first(b"qXz7!kPw0~mR#t4V"), 0x81, "no shorter");
    assert_eq!(DEFLATE.of(15), Encoding::Plain);
    assert_eq!(DEFLATE.of(16), DEFLATE);
}

proptest! {
    // Generating the text takes longer than testing with it.
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn compression_with_any_window_round_trips(
        words in prop::collection::vec("[a-c]{1,9}", 0..10_000),
        window_bits in 9_u8..=15,
    ) {
        let message = words.concat();
        let frame = encode(Opcode::Text, message.as_bytes(), Encoding::Deflate { window_bits, threshold: 16 });
        if frame.bytes()[0] == 0xc1 {
            let whole = Inflated::Whole(message.clone().into_bytes());
            prop_assert_eq!(inflate(&frame.payload(), message.len()), whole);
            prop_assert_eq!(inflate(&frame.payload(), message.len() - 1), Inflated::TooBig);
            // The client's window may be no larger than this.
            let mut small = flate2::Decompress::new_with_window_bits(false, window_bits);
            let mut out = Vec::with_capacity(message.len() + 1);
            let input = [&frame.payload()[..], &[0, 0, 0xff, 0xff]].concat();
            small.decompress_vec(&input, &mut out, flate2::FlushDecompress::Sync).unwrap();
            prop_assert_eq!(out, message.into_bytes());
        } else {
            prop_assert_eq!(&frame.payload()[..], message.as_bytes());
        }
    }
}
