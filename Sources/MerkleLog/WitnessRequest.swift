/// What a log asks a witness: to cosign a head that goes on from the one it cosigned last.
///
/// Source: c2sp.org/tlog-witness, `add-checkpoint`.
///
/// ```text
/// old 20852014
/// <base64 hash of the consistency proof, one a line>
///
/// <the checkpoint note, verbatim>
/// ```
public struct WitnessRequest: Hashable, Sendable {
  /// The size that the witness cosigned last; 0 where it has none of the log.
  public let oldSize: UInt64
  /// The proof from that size on; nothing where it is 0 or the same.
  public let path: [Hash]
  /// The head to cosign.
  public let checkpoint: SignedNote

  /// A request of its parts.
  public init(oldSize: UInt64, path: [Hash], checkpoint: SignedNote) {
    self.oldSize = oldSize
    self.path = path
    self.checkpoint = checkpoint
  }

  /// The body of the request.
  public var body: [UInt8] {
    Array(
      "old \(oldSize)\n\(path.map { "\($0.base64)\n" }.joined())\n\(checkpoint)".utf8)
  }

  /// The request in a body, or nil where it is not one.
  public init?(parsing body: [UInt8]) {
    let lines = body.split(separator: 0x0A, omittingEmptySubsequences: false)
    guard let first = lines.first, first.starts(with: Array("old ".utf8)),
      let size = Decimal.parse(String(decoding: first.dropFirst(4), as: UTF8.self)),
      let end = lines.firstIndex(where: \.isEmpty), end <= 64
    else { return nil }
    var path: [Hash] = []
    for line in lines[1..<end] {
      guard let hash = Hash(base64: String(decoding: line, as: UTF8.self)) else { return nil }
      path.append(hash)
    }
    let note = Array(lines[(end + 1)...].joined(separator: [0x0A]))
    guard let checkpoint = try? SignedNote(parsing: note) else { return nil }
    self.init(oldSize: size, path: path, checkpoint: checkpoint)
    guard self.body == body else { return nil }
  }
}

/// What a witness answers.
public enum WitnessAnswer: Hashable, Sendable {
  /// It cosigned; these are its lines, which nobody has checked yet.
  case cosigned([NoteSignature])
  /// It has cosigned another size than the request says, or the same size of another tree.
  case conflict(size: UInt64)
  /// It has cosigned another tree of the size that was asked from, or says nothing of the kind.
  case otherTree(size: UInt64)
  /// The proof does not hold, or another tree of that size was cosigned.
  case refused
  /// It does not know the log.
  case unknownLog
  /// It knows the log, and does not trust its key.
  case untrustedKey
  /// Anything else.
  case failure(String)

  /// The answer in a response of HTTP.
  ///
  /// Source: c2sp.org/tlog-witness: 200 with signature lines; 409 with a size of the type
  /// text/x.tlog.size, or without one where the root of the same size is another; 422; 403 and 404.
  public init(status: Int, contentType: String?, body: [UInt8], askedFrom old: UInt64) {
    guard let text = String(validating: body, as: UTF8.self) else {
      self = .failure("its answer is no text")
      return
    }
    switch status {
    case 200:
      let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
      let signatures = lines.compactMap { NoteSignature(parsing: String($0)) }
      self =
        !signatures.isEmpty && signatures.count == lines.count && text.hasSuffix("\n")
        ? .cosigned(signatures) : .failure("its answer holds no signature lines")
    case 409 where contentType?.hasPrefix("text/html") == true:
      self = .failure("it answered with HTTP 409 and a page, as no witness does")
    case 409 where contentType?.hasPrefix("text/x.tlog.size") != true:
      self = .otherTree(size: old)
    case 409:
      let size = text.hasSuffix("\n") ? Decimal.parse(text.dropLast()) : nil
      self = size.map(WitnessAnswer.conflict) ?? .failure("it does not say which size it cosigned")
    case 422: self = .refused
    case 403: self = .untrustedKey
    case 404: self = .unknownLog
    default: self = .failure("it answered with HTTP \(status)")
    }
  }
}
