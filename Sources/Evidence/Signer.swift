public import MerkleLog

/// Something that holds a log's private key and signs with it: a file's key, or a secure element.
///
/// The same key signs entries and checkpoints. The two cannot be confused: what is signed for an
/// entry starts with 0x84 0x6A "Signature1", a checkpoint with "did:key:". Never give a signer bytes
/// that somebody else chose.
public protocol Signer: Sendable {
  /// The identity whose key signs.
  var did: DIDKey { get }

  /// The 64-byte Ed25519 signature over a message.
  ///
  /// - Throws: ``SigningError`` when the key cannot be used.
  func signature(over message: [UInt8]) throws(SigningError) -> [UInt8]
}

/// Why nothing was signed.
public struct SigningError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, in a sentence.
  public let description: String

  /// An error with a sentence that says what is wrong; it must not hold secret material.
  public init(_ description: String) { self.description = description }
}

extension Signer {
  /// A signature that has been checked against the identity before anybody gets to see it.
  ///
  /// A faulty computation must be caught here: once an entry is durable it cannot be replaced, and a
  /// wrong Ed25519 signature can give the key away.
  func checkedSignature(over message: [UInt8]) throws(SigningError) -> [UInt8] {
    let signature = try signature(over: message)
    guard did.publicKey.isValidSignature(signature, for: message) else {
      throw SigningError("the signer made a signature that does not verify under \(did)")
    }
    return signature
  }

  /// The log's checkpoint at a head, signed.
  ///
  /// The caller answers for never asking for a smaller size than before, nor for the same size with
  /// another root.
  ///
  /// - Throws: ``SigningError``.
  public func checkpoint(at head: TreeHead) throws(SigningError) -> SignedNote {
    guard let checkpoint = Checkpoint(origin: did.description, head: head) else {
      preconditionFailure("bad origin in Signer.checkpoint: \(did)")
    }
    let text = checkpoint.description
    let signature = try NoteSignature.signing(text, as: did.noteVerifier) {
      message throws(SigningError) in try checkedSignature(over: message)
    }
    do {
      return try SignedNote(text: text, signatures: [signature])
    } catch {
      preconditionFailure("bad text in Signer.checkpoint: \(error)")
    }
  }
}
