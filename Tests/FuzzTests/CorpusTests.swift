import Foundation
import FuzzTargets
import Testing

/// Every file of the corpora, and everything a byte away from it, keeps the parsers' promises.
@Suite struct CorpusTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fuzzing/Corpora")

  private static func corpus(_ target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
    let path = folder.appendingPathComponent(target.rawValue)
    return try FileManager.default.contentsOfDirectory(atPath: path.path).sorted().map {
      ($0, [UInt8](try Data(contentsOf: path.appendingPathComponent($0))))
    }
  }

  @Test(arguments: FuzzTarget.allCases)
  func `a corpus keeps the promises of its parser`(target: FuzzTarget) throws {
    let files = try Self.corpus(target)
    #expect(files.count > 1, "there is hardly a corpus for \(target)")
    for file in files {
      #expect(throws: Never.self, "\(target.rawValue)/\(file.name)") {
        try target.check(file.bytes)
      }
    }
  }

  @Test(arguments: FuzzTarget.allCases.filter { $0 != .board })
  func `what is a byte away from a corpus keeps them too`(target: FuzzTarget) throws {
    for file in try Self.corpus(target) where file.bytes.count < 3000 {
      for position in file.bytes.indices {
        for bit in [0x01, 0x20, 0x80] as [UInt8] {
          var changed = file.bytes
          changed[position] ^= bit
          #expect(throws: Never.self, "\(target.rawValue)/\(file.name), byte \(position)") {
            try target.check(changed)
          }
        }
      }
    }
  }
}
