import Quantities

/// What to write instead of a word that nothing is called: the nearest word, or all of them.
public func suggestion(for word: String, among known: [String]) -> String {
  if let nearest = nearestWord(to: word, among: known) { return "did you mean '\(nearest)'?" }
  guard known.count > 1 else { return known.first.map { "write '\($0)'" } ?? "remove it" }
  return "write one of " + known.joined(separator: ", ")
}

/// The word that was most likely meant, or nil where none is near.
///
/// Near is a word with a third of its characters written wrongly, or one that alone begins with
/// what was written.
public func nearestWord(to word: String, among known: [String]) -> String? {
  let nearest = known.map { ($0, editDistance(word, $0)) }.min { $0.1 < $1.1 }
  // With short words a slip and another word cannot be told apart: '1' is no misspelt '3'.
  if let (candidate, distance) = nearest,
    distance <= (candidate.count < 3 ? 0 : max(1, candidate.count / 3))
  {
    return candidate
  }
  let longer = known.filter { word.count > 2 && $0.hasPrefix(word.lowercased()) }
  return longer.count == 1 ? longer.first : nil
}

/// The number of insertions, deletions, replacements and swaps of neighbours between two words.
private func editDistance(_ left: String, _ right: String) -> Int {
  let a = Array(left.lowercased().utf8.prefix(64))
  let b = Array(right.lowercased().utf8.prefix(64))
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var best = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        best = min(best, beforeLast[j - 1] + 1)
      }
      row.append(best)
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}
