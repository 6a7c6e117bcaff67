import Evidence
import Glibc

/// A small file that holds one number and a check of it: `17 9c3b7a10` and a newline.
///
/// The check is CRC-32C of the number's text, so that a damaged number is never taken for another.
struct NumberFile {
  let path: String

  /// The number; nil where there is no file.
  ///
  /// - Throws: `LogFailure.contradiction` where the file is damaged.
  func read() throws(LogFailure) -> UInt64? {
    guard let bytes = try DurableFiles.read(path, limit: 64) else { return nil }
    guard let number = Self.number(bytes) else { throw .contradiction("\(path) is damaged") }
    return number
  }

  /// Keeps a number whose loss is harmless.
  func replaceWithoutSynchronizing(with number: UInt64) {
    let temporary = path + DurableFiles.temporarySuffix
    guard let file = try? OpenFile(temporary, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600),
      (try? file.write(Array(Self.text(number).utf8), at: 0)) != nil
    else { return }
    _ = rename(temporary, path)
  }

  /// The number in a file's bytes; nil where they are anything but what is written for a number.
  static func number(_ bytes: [UInt8]) -> UInt64? {
    let digits = String(decoding: bytes.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
    guard let number = UInt64(digits), number <= UInt64(Int64.max),
      text(number).utf8.elementsEqual(bytes)
    else { return nil }
    return number
  }

  static func text(_ number: UInt64) -> String {
    let digits = String(number)
    var crc = CRC32C()
    crc.update(digits.utf8)
    let check = String(crc.value, radix: 16)
    return "\(digits) \(String(repeating: "0", count: 8 - check.count))\(check)\n"
  }
}

/// Keeps how far the broker has the log.
///
/// It is renamed into place but not synchronised: losing it repeats entries, and never loses one.
public struct CursorFile: Sendable {
  private let path: String

  /// The cursor of a state directory.
  public init(stateDirectory: String) {
    path = stateDirectory + "/cursor"
  }

  /// The first entry that the broker may lack; 0 where nothing is known for sure.
  public func load() -> UInt64 {
    (try? NumberFile(path: path).read()) ?? 0
  }

  /// Keeps the place.
  public func save(_ seq: UInt64) {
    NumberFile(path: path).replaceWithoutSynchronizing(with: seq)
  }
}

/// Keeps which sizes the witnesses cosigned last, a file each below `witnesses`.
///
/// As with the cursor, losing one costs a question and nothing else.
public struct WitnessFiles: Sendable {
  private let directory: String

  /// The files of a state directory.
  public init(stateDirectory: String) {
    directory = stateDirectory + "/witnesses"
  }

  /// The size that the witness with a name cosigned last; 0 where nothing is known for sure.
  public func load(_ name: String) -> UInt64 {
    (try? NumberFile(path: "\(directory)/\(name)").read()) ?? 0
  }

  /// Keeps a size.
  public func save(_ size: UInt64, of name: String) {
    _ = mkdir(directory, 0o700)
    NumberFile(path: "\(directory)/\(name)").replaceWithoutSynchronizing(with: size)
  }
}
