using Faultline.Elf.Headers;

namespace Faultline.Elf.Layout;

/// <summary>
/// Which step of a plan wrote what: the provenance of every byte that a loader brings into memory. Nothing is kept a page; the steps are the record, and an
/// address is looked up in them. Addresses are link-time.
/// </summary>
internal sealed class LoadHistory
{
    /// <summary>Bytes that an <see cref="AddressHistory"/> or a <see cref="LoadDamage"/> shows.</summary>
    public const int Shown = 16;

    /// <summary>Bytes of a <see cref="LoadDamage"/> that are compared: no widening covers more.</summary>
    public const ulong MostCompared = 1 << 16;

    private const int MostDamages = 64;
    private const int MostSections = 32;
    private const int Chunk = 4096;

    private readonly ElfFile _file;
    private readonly ElfImageLayout _layout;
    private readonly List<LoadStep> _steps;
    private readonly byte[] _before = new byte[Chunk];
    private readonly byte[] _after = new byte[Chunk];

    /// <summary>The history of a file that is loaded by a policy.</summary>
    public LoadHistory(ElfFile file, ElfImageLayout layout, LoadPolicy policy)
    {
        _file = file;
        _layout = layout;
        Policy = policy;
        _steps = LoadPlan.Create(layout, policy);
    }

    /// <summary>The policy.</summary>
    public LoadPolicy Policy { get; }

    /// <summary>The steps in order.</summary>
    public IReadOnlyList<LoadStep> Steps => _steps;

    /// <summary>What is known of one address.</summary>
    public AddressHistory Explain(ulong address)
    {
        LoadSegment? owner = SegmentOf(address);
        byte[] expected = owner is { } segment ? ReadSegment(segment, address, (int)Math.Min(Shown, segment.End - address)) : [];
        List<(LoadStep, byte[])> writers = [];
        for (int i = 0; i < _steps.Count; i++)
        {
            if (Covers(_steps[i], address))
            {
                writers.Add((_steps[i], Read(address, Shown, i + 1)));
            }
        }

        return new AddressHistory
        {
            Address = address,
            Segment = owner,
            Section = SectionsOf(address, address + 1) is [var name, ..] ? name : string.Empty,
            FileOffset = owner is { } s && address < s.FileEnd ? s.Offset + (address - s.Address) : null,
            Expected = expected,
            Loaded = Read(address, Shown, _steps.Count),
            Writers = writers,
        };
    }

    /// <summary>What is at an address when all steps are done; fewer bytes where something is not mapped.</summary>
    public byte[] Read(ulong address, int length) => Read(address, length, _steps.Count);

    /// <summary>Every part of a segment that a later step of another segment covers, by address.</summary>
    public IReadOnlyList<LoadDamage> FindDamage()
    {
        List<LoadDamage> damages = [];
        foreach (ref readonly LoadSegment segment in _layout.Segments)
        {
            int own = _steps.FindLastIndex(Match(segment.Index));
            for (int i = own + 1; own >= 0 && i < _steps.Count && damages.Count < MostDamages; i++)
            {
                ulong from = Math.Max(_steps[i].Address, segment.Address);
                ulong to = Math.Min(_steps[i].End, segment.End);
                if (from < to)
                {
                    damages.Add(Compare(segment, _steps[i], from, to));
                }
            }
        }

        return [.. damages.OrderBy(damage => damage.From)];
    }

    private static Predicate<LoadStep> Match(int segment) => step => step.SegmentIndex == segment;

    private static bool Covers(in LoadStep step, ulong address) => address - step.Address < step.Length;

    private LoadDamage Compare(in LoadSegment segment, in LoadStep step, ulong from, ulong to)
    {
        ulong differing = 0;
        ulong first = from;
        ulong end = Math.Min(to, from + MostCompared);
        for (ulong at = from; at < end;)
        {
            int length = (int)Math.Min(Chunk, end - at);
            ReadSegment(segment, at, _before.AsSpan(0, length));
            int read = Read(at, _after.AsSpan(0, length), _steps.Count);
            for (int i = 0; i < length; i++)
            {
                if (i < read && _before[i] == _after[i])
                {
                    continue;
                }

                first = differing++ == 0 ? at + (ulong)i : first;
            }

            at += (ulong)length;
        }

        int shown = (int)Math.Min(Shown, to - first);
        return new LoadDamage
        {
            Segment = segment,
            Step = step,
            From = from,
            To = to,
            Differing = differing,
            FirstDifference = first,
            Before = ReadSegment(segment, first, shown),
            After = Read(first, shown, _steps.Count),
            Sections = SectionsOf(from, to),
        };
    }

    /// <summary>The last segment, in the order of the file, that has an address.</summary>
    private LoadSegment? SegmentOf(ulong address)
    {
        for (int i = _layout.Segments.Length - 1; i >= 0; i--)
        {
            if (address - _layout.Segments[i].Address < _layout.Segments[i].MemorySize)
            {
                return _layout.Segments[i];
            }
        }

        return null;
    }

    /// <summary>What a segment has: the file's bytes, and zeros behind them.</summary>
    private void ReadSegment(in LoadSegment segment, ulong address, Span<byte> bytes)
    {
        bytes.Clear();
        if (address < segment.FileEnd)
        {
            int fromFile = (int)Math.Min((ulong)bytes.Length, segment.FileEnd - address);
            ReadFile(segment.Offset + (address - segment.Address), bytes[..fromFile]);
        }
    }

    private byte[] ReadSegment(in LoadSegment segment, ulong address, int length)
    {
        byte[] bytes = new byte[length];
        ReadSegment(segment, address, bytes);
        return bytes;
    }

    private byte[] Read(ulong address, int length, int steps)
    {
        byte[] bytes = new byte[length];
        int read = Read(address, bytes, steps);
        return read == length ? bytes : bytes[..read];
    }

    /// <summary>What is in memory when the first steps are done.</summary>
    private int Read(ulong address, Span<byte> bytes, int steps)
    {
        int done = 0;
        while (done < bytes.Length)
        {
            ulong at = address + (ulong)done;
            ulong end = address + (ulong)bytes.Length;
            int last = -1;
            for (int i = 0; i < steps; i++)
            {
                if (Covers(_steps[i], at))
                {
                    last = i;
                }
                else if (_steps[i].Address > at && _steps[i].Address < end)
                {
                    end = _steps[i].Address;
                }
            }

            if (last < 0)
            {
                break;
            }

            // An earlier step may end before the last one; only the last one's own end counts.
            LoadStep step = _steps[last];
            int piece = (int)Math.Min(end - at, step.End - at);
            if (step.Kind == LoadStepKind.MapFile)
            {
                ReadFile(step.FileOffset + (at - step.Address), bytes.Slice(done, piece));
            }
            else
            {
                bytes.Slice(done, piece).Clear();
            }

            done += piece;
        }

        return done;
    }

    /// <summary>Reads from the file; what lies past its end stays zero, as in the last page of a mapping.</summary>
    private void ReadFile(ulong offset, Span<byte> bytes)
    {
        bytes.Clear();
        int done = 0;
        while (done < bytes.Length && offset <= long.MaxValue - (ulong)bytes.Length)
        {
            int count = _file.Source.Read((long)offset + done, bytes[done..]);
            if (count <= 0)
            {
                break;
            }

            done += count;
        }
    }

    private List<string> SectionsOf(ulong from, ulong to)
    {
        List<string> names = [];
        ReadOnlySpan<SectionHeader> sections = _file.Sections.Headers;
        for (int i = 1; i < sections.Length && names.Count < MostSections; i++)
        {
            ref readonly SectionHeader section = ref sections[i];
            bool hasMemory = (section.sh_flags & SectionFlags.SHF_ALLOC) != 0
                && !((section.sh_flags & SectionFlags.SHF_TLS) != 0 && section.sh_type == SectionType.SHT_NOBITS);
            if (hasMemory && section.sh_addr < to && from - section.sh_addr < section.sh_size | (section.sh_addr >= from && section.sh_size != 0))
            {
                names.Add(_file.Sections.NameOf(i) ?? $"section {i}");
            }
        }

        return names;
    }
}
