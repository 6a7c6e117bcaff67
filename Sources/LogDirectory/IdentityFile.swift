import Evidence
import Glibc
import MerkleLog

/// The file of a private key: PKCS#8 in PEM, as OpenSSL reads it.
///
/// Source: RFC 8410 section 7. It is made with O_EXCL and mode 0600, and read only where nobody else
/// may read it.
enum IdentityFile {
  private static let header = "-----BEGIN PRIVATE KEY-----\n"
  private static let footer = "\n-----END PRIVATE KEY-----\n"
  // SEQUENCE { INTEGER 0, SEQUENCE { OID 1.3.101.112 }, OCTET STRING { OCTET STRING (32) } }
  private static let prefix: [UInt8] = [
    0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]

  static func create(_ path: String, _ identity: Identity) throws(LogFailure) {
    try DurableFiles.create(path, text(of: identity), mode: 0o600)
  }

  private static func text(of identity: Identity) -> [UInt8] {
    Array((header + Base64.encode(prefix + identity.seed) + footer).utf8)
  }

  static func read(_ path: String) throws(LogFailure) -> Identity {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw OpenFile.failure(path, "lstat") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .contradiction("\(path) is not a file of its own")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw .contradiction("\(path) can be read by others; type 'chmod 600 \(path)'")
    }
    let bytes = try DurableFiles.read(path, limit: 4096) ?? []
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.hasPrefix(header), text.hasSuffix(footer),
      let der = Base64.decode(String(text.dropFirst(header.count).dropLast(footer.count))),
      der.count == prefix.count + Identity.seedByteCount, Array(der[..<prefix.count]) == prefix,
      let identity = try? Identity(seed: Array(der[prefix.count...])),
      self.text(of: identity) == bytes
    else { throw .contradiction("\(path) is not an Ed25519 key in PKCS#8 PEM") }
    return identity
  }
}
