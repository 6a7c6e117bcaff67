import MerkleLog
import Testing

@Suite struct HashTests {
  @Test func `hashes the standard leaves as the Certificate Transparency tests do`() {
    // SHA-256(0x00): the leaf hash of the empty entry, and the root of a tree of that one leaf.
    #expect(StandardTree.leafHashes[0].description == StandardTree.roots[1])
    #expect(
      StandardTree.leafHashes[1].description
        == "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7")
  }

  @Test(arguments: 0...8) func `has the standard root at every size`(size: Int) {
    let leaves = Array(StandardTree.leafHashes.prefix(size))
    #expect(Hash.root(leafHashes: leaves).description == StandardTree.roots[size])
    var frontier = Frontier()
    for leaf in leaves { frontier.append(leaf: leaf) }
    #expect(frontier.root.description == StandardTree.roots[size])
    #expect(frontier.hashes.count == size.nonzeroBitCount)
  }

  @Test func `a leaf is hashed the same whole, sliced, borrowed or in pieces`() {
    let entry = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
    let whole = Hash.leaf(entry)
    #expect(Hash.leaf(([9] + entry + [9])[1..<1001]) == whole)
    #expect(Hash.leaf(entry.span) == whole)
    var hasher = LeafHasher()
    hasher.update(entry.span.extracting(0..<1))
    hasher.update(entry.span.extracting(1..<700))
    hasher.update(entry.span.extracting(700..<700))
    hasher.update(entry.span.extracting(700..<1000))
    #expect(hasher.finalize() == whole)
  }

  @Test func `is 32 bytes in place, so that an array of hashes is a tile`() {
    #expect(MemoryLayout<Hash>.size == 32)
    #expect(MemoryLayout<Hash>.stride == 32)
    let leaves = numberedLeaves(5)
    let bytes = Hash.tileBytes(leaves)
    #expect(bytes == leaves.flatMap(\.bytes))
    #expect(Hash.array(tileBytes: bytes) == leaves)
    #expect(Hash.array(tileBytes: Array(bytes.dropLast())) == nil)
    #expect(Hash.array(tileBytes: []) == [])
  }

  @Test func `reads back what it writes and nothing else`() {
    let hash = Hash.leaf([1, 2, 3])
    #expect(Hash(bytes: hash.bytes) == hash)
    #expect(Hash(hexadecimal: hash.description) == hash)
    #expect(Hash(base64: hash.base64) == hash)
    #expect(Hash(bytes: Array(hash.bytes.dropLast())) == nil)
    #expect(Hash(bytes: hash.bytes + [0]) == nil)
    #expect(Hash(hexadecimal: hash.description.uppercased()) == nil)
    #expect(Hash(hexadecimal: String(hash.description.dropLast())) == nil)
    #expect(Hash(base64: String(hash.base64.dropLast())) == nil)
  }

  @Test func `a frontier wants as many hashes as its size has bits`() {
    let leaves = numberedLeaves(3)
    #expect(Frontier(size: 3, hashes: leaves) == nil)
    #expect(Frontier(size: 5, hashes: Array(leaves.prefix(2))) != nil)
    #expect(Frontier(size: 0, hashes: [])?.root == .empty)
  }
}

@Suite struct Base64Tests {
  // RFC 4648 section 10.
  @Test(
    arguments: zip(
      ["", "f", "fo", "foo", "foob", "fooba", "foobar"],
      ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]))
  func `codes the vectors of RFC 4648`(text: String, coded: String) {
    #expect(Base64.encode(Array(text.utf8)) == coded)
    #expect(Base64.decode(coded) == Array(text.utf8))
    #expect(Base64.encodeURLSafe(Array(text.utf8)) == coded.filter { $0 != "=" })
  }

  @Test func `uses the URL-safe alphabet only where it is asked to`() {
    #expect(Base64.encode([0xFB, 0xFF]) == "+/8=")
    #expect(Base64.encodeURLSafe([0xFB, 0xFF]) == "-_8")
    #expect(Base64.decode("-_8=") == nil)
  }

  @Test(arguments: [
    "Zg", "Zg=", "Zg===", "Z", "Zh==", "Zm9=", "Zm8=Zm8=", "=", "==", "====", "Zg==\n", " Zg=",
    "Zm9v=", "Z g=", "Zm8=====", "Zm\u{F8}=",
  ])
  func `refuses every spelling but the canonical one`(text: String) {
    #expect(Base64.decode(text) == nil)
  }

  @Test func `decoding then encoding gives every four-character text back`() {
    let characters = Array("AZaz09+/=-_ ").map { String($0) }
    for first in characters {
      for second in characters {
        for third in characters {
          for fourth in characters {
            let text = first + second + third + fourth
            if let bytes = Base64.decode(text) { #expect(Base64.encode(bytes) == text) }
          }
        }
      }
    }
  }
}
