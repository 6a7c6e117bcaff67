// Checks a board's log with the Go project's own note and tlog packages, which share no code with it.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run verify.go DIR
//
// DIR is a state directory: log.vkey, log/checkpoint, log/tile/... (c2sp.org/tlog-tiles).
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func check(err error, what ...any) {
	if err != nil {
		log.Fatalf("%v: %v", fmt.Sprint(what...), err)
	}
}

func file(elements ...string) []byte {
	path := filepath.Join(elements...)
	data, err := os.ReadFile(path)
	check(err, "reading")
	return data
}

// stored answers for hashes by their index in x/mod's own numbering.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, index := range indexes {
		if index < 0 || index >= int64(len(s)) {
			return nil, fmt.Errorf("there is no hash %d", index)
		}
		hashes = append(hashes, s[index])
	}
	return hashes, nil
}

// name is a tile's path as c2sp.org/tlog-tiles has it: without the height.
func name(tile tlog.Tile) string {
	prefix := fmt.Sprintf("tile/%d/", height)
	return "tile/" + strings.TrimPrefix(tile.Path(), prefix)
}

// served reads tiles from the directory; TileHashReader authenticates them against the tree's hash.
type served struct{ dir string }

func (s served) Height() int { return height }

func (s served) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(s.dir, name(tile)))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (s served) SaveTiles([]tlog.Tile, [][]byte) {}

func main() {
	log.SetFlags(0)
	log.SetPrefix("FAULT: ")
	if len(os.Args) != 2 {
		log.Fatal("usage: verify DIR")
	}
	dir := os.Args[1]
	logDir := filepath.Join(dir, "log")

	// The head: signed by the key in log.vkey, whose name is the origin.
	vkey := strings.TrimSuffix(string(file(dir, "log.vkey")), "\n")
	verifier, err := note.NewVerifier(vkey)
	check(err, "log.vkey")
	opened, err := note.Open(file(logDir, "checkpoint"), note.VerifierList(verifier))
	check(err, "checkpoint")
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		log.Fatalf("checkpoint: not three lines of %s: %q", verifier.Name(), opened.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err, "checkpoint size")
	root, err := tlog.ParseHash(lines[2])
	check(err, "checkpoint root")

	// The entries: whole bundles, as many as the head says.
	var entries [][]byte
	for first := int64(0); first < size; first += 1 << height {
		width := size - first
		if width > 1<<height {
			width = 1 << height
		}
		path := strings.Replace(
			name(tlog.Tile{H: height, L: 0, N: first >> height, W: int(width)}),
			"tile/0/", "tile/entries/", 1)
		data := file(logDir, path)
		count := int64(0)
		for len(data) > 0 {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				log.Fatalf("%s: ends inside an entry", path)
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			entries = append(entries, data[2:end])
			data = data[end:]
			count++
		}
		if count != width {
			log.Fatalf("%s: %d entries, not %d", path, count, width)
		}
	}

	// The tree over them has the signed root.
	var hashes stored
	for index, entry := range entries {
		more, err := tlog.StoredHashes(int64(index), entry, hashes)
		check(err, "hashing entry ", index)
		hashes = append(hashes, more...)
	}
	computed, err := tlog.TreeHash(size, hashes)
	check(err, "tree")
	if computed != root {
		log.Fatalf("the entries have root %v, the head says %v", computed, root)
	}

	// Every tile of the head is what x/mod computes; other versions are beginnings of them.
	wanted := map[string][]byte{}
	for _, tile := range tlog.NewTiles(height, 0, size) {
		if width := size>>(height*tile.L) - tile.N<<height; width < 1<<height && int(width) != tile.W {
			continue // x/mod lists every width on the way; only the last is of this head
		}
		data, err := tlog.ReadTileData(tile, hashes)
		check(err, "tile ", tile)
		wanted[name(tile)] = data
	}
	for path, data := range wanted {
		if !bytes.Equal(file(logDir, path), data) {
			log.Fatalf("%s differs from the tile of the entries", path)
		}
	}
	older := 0
	check(filepath.WalkDir(filepath.Join(logDir, "tile"), func(path string, entry fs.DirEntry, err error) error {
		check(err, path)
		relative, err := filepath.Rel(logDir, path)
		check(err, path)
		if entry.IsDir() || wanted[relative] != nil || strings.HasPrefix(relative, "tile/entries/") {
			return nil
		}
		base := strings.TrimSuffix(filepath.Dir(relative), ".p")
		if base == filepath.Dir(relative) {
			return fmt.Errorf("%s is no tile of this head", relative)
		}
		older++
		data := file(path)
		for wide, whole := range wanted {
			if (wide == base || strings.HasPrefix(wide, base+".p/")) && bytes.HasPrefix(whole, data) {
				return nil
			}
		}
		return fmt.Errorf("%s is not the beginning of the tile of this head", relative)
	}), "tiles")

	// Proofs out of the served files alone, each tile authenticated on the way.
	tree := tlog.Tree{N: size, Hash: root}
	reader := tlog.TileHashReader(tree, served{logDir})
	proofs := 0
	for _, index := range []int64{0, 1, size / 3, size / 2, size - 2, size - 1} {
		if index < 0 || index >= size {
			continue
		}
		proof, err := tlog.ProveRecord(size, index, reader)
		check(err, "proving entry ", index)
		check(tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(entries[index])), "entry ", index)
		proofs++
	}
	for _, old := range []int64{1, size / 2, size - 1, size} {
		if old < 1 {
			continue
		}
		oldRoot, err := tlog.TreeHash(old, hashes)
		check(err, "old tree")
		proof, err := tlog.ProveTree(size, old, reader)
		check(err, "proving consistency with ", old)
		check(tlog.CheckTree(proof, size, root, old, oldRoot), "consistency with ", old)
		proofs++
	}
	fmt.Printf("OK %d entries, %d tiles, %d older tiles, %d proofs\n", size, len(wanted), older, proofs)
}
