//! Single frames: RFC 6455's examples, and every rule on frames.

use super::*;

#[test]
fn examples_of_rfc_6455_are_decoded() {
    let hello = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
    assert_eq!(decode(&hello), (vec![text("Hello")], None));
    let ping = [0x89, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
    assert_eq!(decode(&ping), (vec![Event::Ping(b"Hello".to_vec())], None));
}

#[test]
fn examples_of_rfc_6455_are_encoded() {
    assert_eq!(
        encode(Opcode::Text, b"Hello", Encoding::Plain).bytes()[..],
        *b"\x81\x05Hello"
    );
    assert_eq!(control(Opcode::Ping, b"Hello").bytes()[..], *b"\x89\x05Hello");
    for (length, header) in [
        (125, &[0x82, 125][..]),
        (126, &[0x82, 126, 0, 126]),
        (65_535, &[0x82, 126, 0xff, 0xff]),
        (65_536, &[0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
    ] {
        let payload = vec![7; length];
        let frame = encode(Opcode::Binary, &payload, Encoding::Plain);
        assert_eq!(frame.bytes()[..], [header, &payload].concat());
        assert_eq!(frame.payload(), payload);
    }
}

#[test]
fn invalid_frames_are_faults() {
    for (case, code, frames) in [
        ("RSV1 on a ping", 1002, &[(0xc9, &b""[..])][..]),
        ("RSV2", 1002, &[(0xa1, b"")]),
        ("RSV3", 1002, &[(0x91, b"")]),
        ("RSV1 on a continuation", 1002, &[(0x01, b""), (0xc0, b"")]),
        ("an unknown data opcode", 1002, &[(0x83, b"")]),
        ("an unknown control opcode", 1002, &[(0x8b, b"")]),
        ("a ping in fragments", 1002, &[(0x09, b"")]),
        ("a ping of 125 bytes", 0, &[(0x89, &[b'x'; 125])]),
        ("a ping of 126 bytes", 1002, &[(0x89, &[b'x'; 126])]),
        ("a continuation of nothing", 1002, &[(0x80, b"")]),
        (
            "a continuation of a complete message",
            1002,
            &[(0x81, b""), (0x80, b"")],
        ),
        ("a message within another", 1002, &[(0x01, b""), (0x81, b"")]),
        ("a message of the maximum size", 0, &[(0x82, &[0; LIMIT])]),
        ("one byte more", 1009, &[(0x82, &[0; LIMIT + 1])]),
        (
            "one byte more, in fragments",
            1009,
            &[(0x02, &[0; LIMIT]), (0x80, &[0])],
        ),
        ("an invalid deflate stream", 1007, &[(0xc2, &[0xff; 9])]),
    ] {
        assert_eq!(fault(frames), code, "{case}");
    }
    assert_eq!(decode(b"\x81\x00").1.map(Fault::code), Some(1002), "no mask");
    let mut plain = Decoder::new(LIMIT, false);
    let mut compressed = BytesMut::from(&frame(0xc1, b"")[..]);
    assert_eq!(
        plain.decode(&mut compressed).map_err(Fault::code),
        Err(1002),
        "RSV1 where it was not agreed"
    );
}

#[test]
fn excessive_length_is_refused_from_the_header_alone() {
    let longest = i64::MAX.unsigned_abs();
    for (first, length, code) in [
        (0x82, LIMIT as u64 + 1, 1009),
        (0x82, longest, 1009),
        (0x82, longest + 1, 1002),
        (0x82, u64::MAX, 1002),
        // A compressed message may be slightly longer than its inflated form.
        (0xc2, 2 * LIMIT as u64, 1009),
        (0xc2, longest, 1009),
    ] {
        let header = [&[first, 0xff][..], &length.to_be_bytes(), &[0; 4]].concat();
        assert_eq!(decode(&header).1.map(Fault::code), Some(code), "{length}");
    }
}

#[test]
fn close_codes_and_reasons_are_validated() {
    let close = |payload: &[u8]| decode(&frame(0x88, payload));
    assert_eq!(close(b""), (vec![Event::Close(None)], None));
    let reason = "é".repeat(61);
    let full = [&[3, 232], reason.as_bytes(), b"."].concat();
    assert_eq!(close(&full).0, [Event::Close(Some((1000, reason + ".")))]);
    assert_eq!(close(&[3]).1.map(Fault::code), Some(1002));
    assert_eq!(close(b"\x03\xe8\xff").1.map(Fault::code), Some(1007));
    let refused: Vec<u16> = (0..=u16::MAX)
        .filter(|code| close(&code.to_be_bytes()).1.is_some())
        .collect();
    let expected: Vec<u16> = (0..1000)
        .chain(1004..=1006)
        .chain(1015..3000)
        .chain(5000..=u16::MAX)
        .collect();
    assert_eq!(refused, expected);
}

#[test]
fn close_reason_is_truncated_to_a_control_frame() {
    assert_eq!(close(None).bytes()[..], [0x88, 0]);
    assert_eq!(close(Some((1000, "bye"))).bytes()[..], *b"\x88\x05\x03\xe8bye");
    let cut = close(Some((1000, &"é".repeat(100))));
    assert_eq!((cut.bytes().len(), cut.bytes()[1]), (2 + 2 + 122, 124));
}
