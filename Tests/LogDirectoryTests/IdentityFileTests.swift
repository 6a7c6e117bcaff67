import Evidence
import Foundation
import MerkleLog
import Testing

@testable import LogDirectory

@Suite struct IdentityFileTests {
  @Test func `OpenSSL reads the private key and finds the published public key`() throws {
    let written = try WrittenLog()
    let answer = try #require(
      try run("openssl", ["pkey", "-in", written.path + "/keys/identity", "-pubout"]),
      "no openssl in PATH; install openssl")
    #expect(answer.status == 0)
    #expect(Array(answer.output.utf8) == (try Files.read(written.path + "/log.pub.pem")))
  }

  @Test func `OpenSSL verifies a checkpoint under the published key`() throws {
    let written = try WrittenLog()
    let note = try written.writeCheckpoint()
    let message = written.directory.path + "/text"
    let signature = written.directory.path + "/signature"
    try Files.write(Array(note.unverifiedText.utf8), to: message)
    try Files.write(try #require(note.signatures.first).payload, to: signature)
    let answer = try #require(
      try run(
        "openssl",
        [
          "pkeyutl", "-verify", "-pubin", "-inkey", written.path + "/log.pub.pem", "-rawin", "-in",
          message, "-sigfile", signature,
        ]), "no openssl in PATH; install openssl")
    #expect(answer.status == 0, "\(answer.output)")
  }

  @Test func `the key of RFC 8410 section 10.3 is read and written as it stands there`() throws {
    // The example's private key is D4EE72DB F913584A D5B6D8F1 F769F8AD 3AFE7C28 CBF1D4FB E097A88F
    // 44755842; OpenSSL and this package end the PEM in a newline.
    let text = """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
      -----END PRIVATE KEY-----

      """
    let directory = try TemporaryDirectory()
    let path = directory.path + "/identity"
    try Files.write(Array(text.utf8), to: path)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    let identity = try IdentityFile.read(path)
    #expect(identity.seed.first == 0xD4)
    #expect(identity.seed.last == 0x42)
    try IdentityFile.create(path + "2", identity)
    #expect(try Files.read(path + "2") == Array(text.utf8))
    let mode = try FileManager.default.attributesOfItem(atPath: path + "2")[.posixPermissions]
    #expect(mode as? Int == 0o600)
  }

  @Test func `every changed byte, cut and addition is refused or is another identity`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/identity"
    let identity = try Identity(seed: Array(1...32))
    try IdentityFile.create(path, identity)
    let bytes = try Files.read(path)
    func expectOther(_ changed: [UInt8]) throws {
      try Files.write(changed, to: path)
      #expect((try? IdentityFile.read(path))?.did != identity.did)
    }
    for position in bytes.indices {
      for bit in 0..<8 as Range<UInt8> {
        var changed = bytes
        changed[position] ^= 1 << bit
        try expectOther(changed)
      }
      try expectOther(Array(bytes[..<position]))
    }
    try expectOther(bytes + [0x0A])
    try expectOther([0x0A] + bytes)
  }

  @Test func `a key is never written over`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/identity"
    try IdentityFile.create(path, try Identity(seed: Array(1...32)))
    #expect(throws: LogFailure.self) {
      try IdentityFile.create(path, try Identity(seed: Array(2...33)))
    }
    #expect(try IdentityFile.read(path).seed == Array(1...32))
  }

  @Test(arguments: [0o640, 0o604, 0o660, 0o644, 0o620, 0o610])
  func `a key that others may touch is refused, with the remedy`(mode: Int) throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/identity"
    try IdentityFile.create(path, try Identity(seed: Array(1...32)))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    #expect {
      try IdentityFile.read(path)
    } throws: {
      "\($0)".contains("chmod 600 \(path)")
    }
  }

  @Test func `a link instead of a key is refused`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/identity"
    try IdentityFile.create(path, try Identity(seed: Array(1...32)))
    try FileManager.default.createSymbolicLink(
      atPath: path + "2", withDestinationPath: path)
    #expect(throws: LogFailure.self) { try IdentityFile.read(path + "2") }
  }

  @Test func `a key that is handed over signs one log, and begins it only when told to`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/board"
    let credential = directory.path + "/cairn-identity"
    let identity = try Identity(seed: [UInt8](repeating: 5, count: 32))
    try IdentityFile.create(credential, identity)
    func open(_ credential: String?) throws -> LogDirectory {
      let state = try StateDirectory(opening: path, isSimulated: false, credential: credential)
      #expect(state.identity.did == identity.did)
      _ = try state.countStart()
      return try state.openLog()
    }
    #expect(throws: LogFailure.self) { try open(credential) }
    try StateDirectory.allowBeginning(path)
    do {
      let log = try open(credential)
      try log.append([HandmadeEntry(identity).bytes(at: 0, after: .zero)])
      _ = try log.writeCheckpoint(signedBy: identity)
      try StateDirectory.finishInitialising(path)
    }
    #expect(try !DurableFiles.exists(path + "/keys/identity"))
    #expect(try !DurableFiles.exists(path + "/begin"))
    #expect(try open(credential).size == 1)
    // Neither without it, nor with another one, nor with a second log beside the first.
    #expect(throws: LogFailure.self) { try open(nil) }
    let other = directory.path + "/other"
    try IdentityFile.create(other, try Identity(seed: [UInt8](repeating: 6, count: 32)))
    #expect(throws: LogFailure.self) { try open(other) }
    _ = try LogAudit(path: path).run()
    try Files.remove(path)
    #expect(throws: LogFailure.self) { try open(credential) }
  }

  @Test func `a board with a key of its own takes none that is handed over`() throws {
    let written = try WrittenLog()
    written.close()
    let credential = written.directory.path + "/cairn-identity"
    try IdentityFile.create(credential, written.identity)
    #expect(throws: LogFailure.self) {
      _ = try StateDirectory(opening: written.path, isSimulated: false, credential: credential)
    }
  }
}
