/// One signature line of a note: `— <name> base64(key ID || signature)`.
public struct NoteSignature: Hashable, Sendable, CustomStringConvertible {
  /// The name of the key.
  public let name: String
  /// The key's identifier.
  public let keyID: KeyID
  /// The bytes after the key identifier: what the signature type says they are.
  public let payload: [UInt8]

  /// A signature line, or nil when the name is not a key name or there is no payload.
  public init?(name: String, keyID: KeyID, payload: [UInt8]) {
    guard NoteVerifier.isName(name), !payload.isEmpty else { return nil }
    self.init(checkedName: name, keyID: keyID, payload: payload)
  }

  private init(checkedName name: String, keyID: KeyID, payload: [UInt8]) {
    self.name = name
    self.keyID = keyID
    self.payload = payload
  }

  /// An em dash and a space in UTF-8.
  static let prefix: [UInt8] = [0xE2, 0x80, 0x94, 0x20]

  /// The signature in a line without its newline, or nil when it is not one.
  public init?(parsing line: String) {
    let bytes = Array(line.utf8)
    guard bytes.starts(with: NoteSignature.prefix) else { return nil }
    let rest = bytes.dropFirst(NoteSignature.prefix.count)
    guard let space = rest.firstIndex(of: 0x20),
      let name = String(validating: rest[..<space], as: UTF8.self),
      let material = Base64.decode(rest[(space + 1)...]),
      let keyID = KeyID(bytes: material.prefix(4))
    else { return nil }
    self.init(name: name, keyID: keyID, payload: Array(material.dropFirst(4)))
  }

  /// The line, without a newline.
  public var description: String {
    "\u{2014} \(name) \(Base64.encode(keyID.bytes + payload))"
  }

  /// Two lines are equal when their bytes are.
  public static func == (left: NoteSignature, right: NoteSignature) -> Bool {
    left.keyID == right.keyID && left.payload == right.payload
      && left.name.utf8.elementsEqual(right.name.utf8)
  }

  /// The time of a cosignature in seconds since 1970, or nil when the payload is not one.
  ///
  /// Says nothing about the key: any 72 bytes with a time below 2^63 look like a cosignature.
  public var cosignatureUnixSeconds: UInt64? {
    guard payload.count == 8 + Ed25519PublicKey.signatureByteCount else { return nil }
    let seconds = payload.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return seconds <= UInt64(Int64.max) ? seconds : nil
  }

  /// The message that a cosignature signs: a header line, a time line, and the note's text.
  public static func cosignedMessage(text: String, unixSeconds: UInt64) -> [UInt8] {
    Array("cosignature/v1\ntime \(unixSeconds)\n\(text)".utf8)
  }

  /// Signs a note's text with an Ed25519 key that a closure holds.
  ///
  /// - Throws: What the closure throws.
  public static func signing<Failure: Error>(
    _ text: String, as key: NoteVerifier,
    with sign: (_ message: [UInt8]) throws(Failure) -> [UInt8]
  ) throws(Failure) -> NoteSignature {
    precondition(key.algorithm == .ed25519, "bad key in NoteSignature.signing: not type 0x01")
    let signature = try sign(Array(text.utf8))
    return NoteSignature(checkedName: key.name, keyID: key.keyID, payload: signature)
  }

  /// Cosigns a checkpoint's text at a time with a witness's key that a closure holds.
  ///
  /// - Throws: What the closure throws.
  public static func cosigning<Failure: Error>(
    _ text: String, unixSeconds: UInt64, as key: NoteVerifier,
    with sign: (_ message: [UInt8]) throws(Failure) -> [UInt8]
  ) throws(Failure) -> NoteSignature {
    precondition(key.algorithm == .cosignature, "bad key in NoteSignature.cosigning: not type 0x04")
    precondition(
      unixSeconds <= UInt64(Int64.max), "bad time in NoteSignature.cosigning: \(unixSeconds)")
    let signature = try sign(cosignedMessage(text: text, unixSeconds: unixSeconds))
    let time = (0..<8).map { UInt8(truncatingIfNeeded: unixSeconds >> (56 - 8 * UInt64($0))) }
    return NoteSignature(checkedName: key.name, keyID: key.keyID, payload: time + signature)
  }
}
