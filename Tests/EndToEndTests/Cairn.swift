import BrokerTesting
import Foundation
import Testing

/// The program under test, as it was built beside these tests.
enum Cairn {
  /// What a run of the program to its end brought.
  struct Outcome {
    let code: CInt?
    let output: String
    let errors: String
  }

  /// Where the program lies: next to the test bundle.
  static let path: String = {
    let bundle =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("cairn")
      .path
  }()

  /// The top directory of the package.
  static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// Runs the program to its end.
  static func run(_ arguments: String..., in directory: Directory) async throws -> Outcome {
    try await run(path, arguments, in: directory)
  }

  /// Runs any program to its end.
  static func run(
    _ program: String, _ arguments: [String], in directory: Directory
  ) async throws -> Outcome {
    let name = "\(UInt64.random(in: 0 ... .max))"
    let output = directory.path("\(name).out")
    let errors = directory.path("\(name).err")
    let child = try Child(program, arguments, output: output, errors: errors)
    let end = try #require(await child.end(), "\(arguments) does not end")
    let code: CInt? = if case .exit(let code) = end { code } else { nil }
    return Outcome(
      code: code, output: try directory.text(of: output), errors: try directory.text(of: errors))
  }
}
