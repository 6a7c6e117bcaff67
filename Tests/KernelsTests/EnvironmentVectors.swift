import Foundation

/// The tables of vectors beside these tests.
enum EnvironmentVectors {
  /// The fields of a table's rows, without comments and the row of names.
  static func fields(_ name: String) throws -> (names: [String], rows: [[String]]) {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let text = try String(
      contentsOf: folder.appending(path: "Vectors/\(name).csv"), encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    return (lines.first ?? [], Array(lines.dropFirst()))
  }

  /// The rows of a table of numbers; NaN where a field is blank.
  static func rows(_ name: String) throws -> [[String: Double]] {
    let (names, rows) = try fields(name)
    return rows.map { row in
      Dictionary(uniqueKeysWithValues: zip(names, row.map { Double($0) ?? .nan }))
    }
  }

  /// Whether a value is that of a table with ten digits.
  static func agrees(_ value: Double, _ golden: Double?, digits: Int = 10) -> Bool {
    guard let golden, golden.isFinite else { return false }
    var unit = 0.5
    for _ in 1..<digits { unit /= 10 }
    // Zeros of the table are residues of the reference's arithmetic.
    return abs(value - golden) <= max(1.001 * unit * abs(golden), 1e-9)
  }
}
