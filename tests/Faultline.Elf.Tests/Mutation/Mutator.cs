using System.Buffers.Binary;
using Faultline.Elf.Headers;

namespace Faultline.Elf.Tests.Mutation;

/// <summary>Damages a copy of a file in a way that a seed decides, mostly in its headers and tables.</summary>
internal sealed class Mutator
{
    private static readonly ulong[] _extremes =
    [
        0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0xfff, 0x1000, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
        0x7ffffffff000, 0x800000000000, 0x7ffffffffffff000, 0x7fffffffffffffff, 0x8000000000000000, 0xfffffffffffff000, ulong.MaxValue - 1,
        ulong.MaxValue,
    ];

    private readonly byte[][] _bases;
    private readonly (int Start, int Length)[][] _ranges;

    public Mutator(byte[][] bases)
    {
        _bases = bases;
        _ranges = bases.Select(InterestingRanges).ToArray();
    }

    /// <summary>A damaged file; <paramref name="buffer"/> must hold the largest base.</summary>
    public ReadOnlyMemory<byte> Mutate(Random random, byte[] buffer)
    {
        int index = random.Next(_bases.Length);
        byte[] original = _bases[index];
        original.CopyTo(buffer, 0);
        int length = original.Length;
        for (int count = 1 + random.Next(3); count > 0; count--)
        {
            (int start, int size) = random.Next(4) == 0 ? (0, original.Length) : _ranges[index][random.Next(_ranges[index].Length)];
            switch (random.Next(10))
            {
                case 0:
                    length = random.Next(3) == 0 ? Math.Min(length, start + random.Next(size + 1)) : length - random.Next(Math.Min(length, 256));
                    break;
                case 1 or 2:
                    Splice(random, buffer.AsSpan(0, original.Length), start, size);
                    break;
                case 3 or 4 or 5:
                    WriteExtreme(random, buffer.AsSpan(0, original.Length), start, size);
                    break;
                case 6:
                    int from = start + random.Next(size);
                    buffer.AsSpan(from, Math.Min(random.Next(64), original.Length - from)).Fill((byte)(random.Next(2) == 0 ? 0xff : 0x80));
                    break;
                default:
                    for (int flips = 1 + random.Next(8); flips > 0; flips--)
                    {
                        buffer[start + random.Next(size)] = (byte)random.Next(256);
                    }

                    break;
            }
        }

        return buffer.AsMemory(0, Math.Max(0, length));
    }

    private static void WriteExtreme(Random random, Span<byte> file, int start, int size)
    {
        int width = 2 << random.Next(3);
        int position = (start + random.Next(size)) / width * width;
        if (position + width > file.Length)
        {
            return;
        }

        ulong value = random.Next(4) == 0 ? (ulong)(file.Length - random.Next(64)) : _extremes[random.Next(_extremes.Length)];
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        bytes[..width].CopyTo(file[position..]);
    }

    private void Splice(Random random, Span<byte> file, int start, int size)
    {
        byte[] other = _bases[random.Next(_bases.Length)];
        int count = 1 + random.Next(Math.Min(size, 128));
        int from = random.Next(Math.Max(1, other.Length - count));
        int to = start + random.Next(size);
        count = Math.Min(count, Math.Min(file.Length - to, other.Length - from));
        other.AsSpan(from, count).CopyTo(file[to..]);
    }

    /// <summary>The ELF header, the tables it points to, and every section or segment that is not code or plain data.</summary>
    private static (int Start, int Length)[] InterestingRanges(byte[] file)
    {
        List<(int, int)> ranges = [(0, 64), (0, 64)];
        ElfFile elf = ElfFile.Open(new Elf.Sources.MemoryElfSource(file), ElfRole.Inspect, out _)!;
        Add((int)elf.Header.e_phoff, elf.ProgramHeaders.Length * 56);
        Add((int)elf.Header.e_phoff, elf.ProgramHeaders.Length * 56);
        Add((int)elf.Header.e_shoff, elf.Sections.Headers.Length * 64);
        foreach (var segment in elf.ProgramHeaders)
        {
            if (segment.p_type != SegmentType.PT_LOAD)
            {
                Add((int)segment.p_offset, (int)segment.p_filesz);
            }
        }

        for (int i = 0; i < elf.Sections.Headers.Length; i++)
        {
            var section = elf.Sections.Headers[i];
            if (section.sh_type != SectionType.SHT_NOBITS && elf.Sections.NameOf(i) is not (".text" or ".rodata" or ".data"))
            {
                Add((int)section.sh_offset, (int)section.sh_size);
            }
        }

        if (elf.Sections.Headers.Length == 0)
        {
            Add(0x400, 0x400);
        }

        return [.. ranges];

        void Add(int start, int length)
        {
            if (length > 0 && start >= 0 && start < file.Length)
            {
                ranges.Add((start, Math.Min(length, file.Length - start)));
            }
        }
    }
}
