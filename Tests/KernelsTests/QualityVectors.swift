import Foundation
import Kernels

/// The lines of a vector file without its comments, each cut at the commas.
func qualityVectors(_ name: String) throws -> [[String]] {
  let folder = URL(filePath: #filePath).deletingLastPathComponent()
  let file = folder.appending(path: "Vectors/Quality/\(name).csv")
  let text = try String(contentsOf: file, encoding: .utf8)
  return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
    $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}

/// The flags of a row, one a digit.
func qualityFlags(_ digits: String) -> [QualityFlag?] {
  digits.map { $0.wholeNumberValue.flatMap { QualityFlag(rawValue: UInt8($0)) } }
}

/// A value as the files write it; none is missing.
func qualityValue(_ text: String) -> Double { Double(text) ?? .nan }

/// A sample at a time in seconds.
func second(_ seconds: Double, _ value: Double) -> Sample {
  Sample(nanoseconds: Int64(seconds * 1e9), value: value)
}
