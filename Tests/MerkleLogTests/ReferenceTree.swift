import MerkleLog

/// The definitions of RFC 9162 section 2.1 written down once more, recursively and with a memory of
/// roots, so that the module's own arithmetic is checked against something that shares none of it.
struct ReferenceTree {
  let leaves: [Hash]
  private var known: [Range<Int>: Hash] = [:]

  init(leaves: [Hash]) { self.leaves = leaves }

  /// MTH, section 2.1.1.
  mutating func root(_ range: Range<Int>) -> Hash {
    if range.isEmpty { return .digest(of: []) }
    if range.count == 1 { return leaves[range.lowerBound] }
    if let hash = known[range] { return hash }
    let middle = range.lowerBound + Self.split(range.count)
    let hash = Hash.node(root(range.lowerBound..<middle), root(middle..<range.upperBound))
    known[range] = hash
    return hash
  }

  /// PATH, section 2.1.3.1.
  mutating func inclusion(_ index: Int, _ range: Range<Int>) -> [Hash] {
    if range.count == 1 { return [] }
    let middle = range.lowerBound + Self.split(range.count)
    return index < middle
      ? inclusion(index, range.lowerBound..<middle) + [root(middle..<range.upperBound)]
      : inclusion(index, middle..<range.upperBound) + [root(range.lowerBound..<middle)]
  }

  /// PROOF and SUBPROOF, section 2.1.4.1.
  mutating func consistency(_ size: Int, _ range: Range<Int>, isWhole: Bool = true) -> [Hash] {
    if size == 0 { return [] }
    if size == range.upperBound { return isWhole ? [] : [root(range)] }
    let middle = range.lowerBound + Self.split(range.count)
    return size <= middle
      ? consistency(size, range.lowerBound..<middle, isWhole: isWhole)
        + [root(middle..<range.upperBound)]
      : consistency(size, middle..<range.upperBound, isWhole: false)
        + [root(range.lowerBound..<middle)]
  }

  private static func split(_ count: Int) -> Int {
    var power = 1
    while power * 2 < count { power *= 2 }
    return power
  }
}

/// The leaf hashes of entries "0", "1", and so on.
func numberedLeaves(_ count: Int) -> [Hash] {
  (0..<count).map { Hash.leaf(Array("\($0)".utf8)) }
}

/// The standard leaves and roots of Certificate Transparency's reference tests
/// (google/certificate-transparency merkletree tests; transparency-dev/merkle testonly).
enum StandardTree {
  static let leaves = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
  ].compactMap { Hexadecimal.decode($0) }

  static let leafHashes = leaves.map { Hash.leaf($0) }

  static let roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]
}

extension Hash {
  /// The same hash with one bit changed.
  var flipped: Hash {
    var bytes = bytes
    bytes[31] ^= 1
    return Hash(bytes: bytes) ?? .zero
  }
}
