import Foundation
import Testing

/// What only the board may know.
enum Secret {
  /// The 32 bytes of the private key in a state directory (RFC 8410: the last ones of the DER).
  static func seed(inState state: String) throws -> [UInt8] {
    let text = String(decoding: try Files.bytes("\(state)/keys/identity"), as: UTF8.self)
    let base64 = text.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
    let der = try #require(Data(base64Encoded: base64))
    #expect(der.count == 48)
    return [UInt8](der.suffix(32))
  }
}
