using System.Buffers.Binary;

namespace Faultline.Explain.Decode.Descriptors;

/// <summary>
/// Entries of the GDT, the LDT and the IDT, of 8 or 16 bytes. Code, data and the 32-bit system forms have 8 bytes; in 64-bit mode system
/// segments and gates have 16 (Intel SDM vol. 3A, sections 3.4.5, 3.5, 5.8.3, 6.14.1 and 8.2.3).
/// </summary>
internal static class SegmentDescriptor
{
    private const string SegmentSource = "Intel SDM vol. 3A, sections 3.4.5 and 3.5";

    private const ulong S = 1UL << 44, PresentBit = 1UL << 47, LongBit = 1UL << 53, DefaultBit = 1UL << 54, GranularBit = 1UL << 55;

    private static readonly string[] _system32 =
    [
        "reserved", "16-bit TSS, available", "LDT", "16-bit TSS, busy", "16-bit call gate", "task gate", "16-bit interrupt gate", "16-bit trap gate",
        "reserved", "32-bit TSS, available", "reserved", "32-bit TSS, busy", "32-bit call gate", "reserved", "32-bit interrupt gate", "32-bit trap gate",
    ];

    private static readonly string[] _system64 =
    [
        "reserved", "reserved", "LDT", "reserved", "reserved", "reserved", "reserved", "reserved",
        "reserved", "64-bit TSS, available", "reserved", "64-bit TSS, busy", "64-bit call gate", "reserved", "64-bit interrupt gate", "64-bit trap gate",
    ];

    /// <summary>Descriptors that x86-64 Linux's GDT holds, without the accessed bit (<c>arch/x86/kernel/cpu/common.c</c>).</summary>
    private static readonly Dictionary<ulong, string> _linux = new()
    {
        [0x00cf_9a00_0000_ffff] = "Linux's 32-bit kernel code (selector 0x08)",
        [0x00af_9a00_0000_ffff] = "Linux's kernel code (selector 0x10)",
        [0x00cf_9200_0000_ffff] = "Linux's kernel data (selector 0x18)",
        [0x00cf_fa00_0000_ffff] = "Linux's 32-bit user code (selector 0x23)",
        [0x00cf_f200_0000_ffff] = "Linux's user data (selector 0x2b)",
        [0x00af_fa00_0000_ffff] = "Linux's user code (selector 0x33)",
    };

    /// <summary>Decodes the words of a request.</summary>
    public static DecodeOutcome Decode(DecodeRequest request)
    {
        if (!ValueText.TryStructure(request.Words, [8, 16], out byte[] bytes, out string how, out string error))
            return DecodeOutcome.Fail($"{error}; a descriptor is 8 or 16 bytes, as one number, as words from the lowest address, or byte by byte");
        ulong low = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Decoded decoded = bytes.Length == 8 ? Short(low) : Long(low, BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)));
        List<string> notes = [.. decoded.Notes, $"The value was {how}."];
        if (request.Words.Count == 4 && bytes.Length == 16)
            notes.Add("If these are base0 to base3 of a TSS, ask for 'tss-base' instead.");
        return decoded with { Notes = notes };
    }

    /// <summary>Decodes a gate of the IDT; the same bytes as <see cref="Decode(DecodeRequest)"/> reads, which must be a gate.</summary>
    public static DecodeOutcome DecodeGate(DecodeRequest request)
    {
        if (!ValueText.TryStructure(request.Words, [8, 16], out byte[] bytes, out _, out string error))
            return DecodeOutcome.Fail($"{error}; a gate is 16 bytes, or 8 in the 32-bit format");
        ulong low = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if ((low & S) != 0 || !IsGate(Type(low)))
            return DecodeOutcome.Fail($"this is no gate: its type is {((low & S) != 0 ? CodeOrData(Type(low)) : _system32[Type(low)])}; see 'descriptor'");
        return Decode(request);
    }

    private static Decoded Short(ulong d)
    {
        if (d == 0)
            return new Decoded { Title = "descriptor 0x0000000000000000: null", Source = SegmentSource, Notes = ["The null descriptor: a segment register that holds its selector is unusable."] };
        if ((d & S) != 0)
            return CodeData(d);
        return IsGate(Type(d)) ? Gate(d, null) : System(d, null);
    }

    private static Decoded Long(ulong low, ulong high)
    {
        if (low == 0 && high == 0)
            return Short(0);
        if ((low & S) != 0)
        {
            return new Decoded
            {
                Title = $"two descriptors of 8 bytes: 0x{low:x16} 0x{high:x16}",
                Source = SegmentSource,
                Parts = [Short(low), Short(high)],
                Notes = ["The first is a code or data segment, which has 8 bytes in every mode."],
            };
        }
        return IsGate(Type(low)) ? Gate(low, high) : System(low, high);
    }

    private static Decoded CodeData(ulong d)
    {
        int type = Type(d);
        bool isCode = (type & 8) != 0;
        List<string> notes = [];
        if (_linux.TryGetValue(d & ~(1UL << 40), out string? known))
            notes.Add($"This is {known}.");
        if (isCode && (d & (LongBit | DefaultBit)) == (LongBit | DefaultBit))
            notes.Add("L and D are both set: loading CS with this raises #GP.");
        notes.Add((d & LongBit) != 0 && isCode
            ? "In 64-bit mode the base counts as 0 and the limit is not checked."
            : "In 64-bit mode base and limit of data segments other than FS and GS are ignored.");
        AddPresent(d, notes);
        return new Decoded
        {
            Title = $"descriptor 0x{d:x16}: {CodeOrData(type)}",
            Source = SegmentSource,
            Fields =
            [
                .. BaseAndLimit(d, 0),
                new("43:40", "type", $"{type}", CodeOrData(type)),
                .. Rights(d),
                new("52", "AVL", Bit(d, 52), "free for software"),
                new("53", "L", Bit(d, 53), isCode ? ((d & LongBit) != 0 ? "64-bit code" : "not 64-bit code") : "reserved in data segments"),
                new("54", isCode ? "D" : "B", Bit(d, 54), isCode ? ((d & DefaultBit) != 0 ? "32-bit operands by default" : "16-bit operands by default, unless L") : ((d & DefaultBit) != 0 ? "32-bit stack pointer" : "16-bit stack pointer")),
                Granularity(d),
            ],
            Notes = notes,
        };
    }

    private static Decoded System(ulong low, ulong? high)
    {
        int type = Type(low);
        string name = (high is null ? _system32 : _system64)[type];
        ulong address = Base(low, high ?? 0);
        List<string> notes = [];
        List<DecodedField> fields = [.. BaseAndLimit(low, high ?? 0), new("43:40", "type", $"{type}", name), .. Rights(low)];
        fields.Add(new("52", "AVL", Bit(low, 52), "free for software"));
        fields.Add(Granularity(low));
        if (name == "reserved")
            notes.Add($"Type {type} is reserved{(high is null ? "" : " in 64-bit mode")}.");
        AddPresent(low, notes);
        bool isTss = type is 9 or 11;
        ulong limit = Limit(low);
        if (isTss && limit < 0x67)
            notes.Add($"The limit is below 0x67: loading TR with this raises #TS, for a TSS has at least 104 bytes.");
        if (high is { } upper)
        {
            if (CanonicalAddress.Complain("The base", address) is { } complaint)
                notes.Add(complaint);
            if ((upper >> 32 & 0x1f00) != 0)
                notes.Add("Bits 44:40 of the second half must be zero, as a type of the null kind: it marks the slot as no descriptor of its own.");
            if ((upper >> 32 & ~0x1f00UL) != 0)
                notes.Add("Reserved bits of the second half are set.");
            DescriptorBase parts = DescriptorBase.Of(low, upper);
            fields.Add(new("", "sign-extended", $"0x{parts.SignExtended:x16}", parts.SignMatters ? "the base as a signed `base2 << 24` would make it: wrong" : "the base as a signed `base2 << 24` would make it: the same"));
            if (parts.SignMatters)
                notes.AddRange(parts.Promotion());
        }
        else if (isTss || type == 2)
        {
            notes.Add("In 64-bit mode this descriptor has 16 bytes; the second half holds bits 63:32 of the base.");
        }
        return new Decoded
        {
            Title = $"descriptor 0x{low:x16}{(high is { } h ? $" 0x{h:x16}" : "")}: {name}",
            Source = high is null ? SegmentSource : "Intel SDM vol. 3A, section 8.2.3 (figure 8-4)",
            Fields = fields,
            Notes = notes,
        };
    }

    private static Decoded Gate(ulong low, ulong? high)
    {
        int type = Type(low);
        string name = (high is null ? _system32 : _system64)[type];
        ulong offset = (low & 0xffff) | (low >> 48 << 16) | (high ?? 0) << 32;
        ushort selector = (ushort)(low >> 16);
        List<string> notes = [];
        List<DecodedField> fields = [];
        if (type != 5)
            fields.Add(new(high is null ? "63:48, 15:0" : "95:48, 15:0", "offset", $"0x{offset:x}", "address of the handler"));
        fields.Add(new("31:16", "selector", $"0x{selector:x4}", $"{(type == 5 ? "TSS of the task" : "code segment")}; in x86-64 Linux's GDT {Registers.Selector.Describe(selector)}"));
        if (high is not null && type is 14 or 15)
            fields.Add(new("34:32", "IST", $"{low >> 32 & 7}", (low >> 32 & 7) == 0 ? "no stack switch unless the ring changes" : $"the handler runs on IST{low >> 32 & 7} of the TSS"));
        else if (high is null && type is 4 or 12)
            fields.Add(new("36:32", "count", $"{low >> 32 & 31}", "parameters copied from the caller's stack"));
        fields.Add(new("43:40", "type", $"{type}", name));
        fields.AddRange(Rights(low));
        if (name == "reserved")
            notes.Add($"Type {type} is reserved in 64-bit mode.");
        else if (type is 6 or 14)
            notes.Add("An interrupt gate: interrupts are off in the handler.");
        else if (type is 7 or 15)
            notes.Add("A trap gate: interrupts stay as they are.");
        AddPresent(low, notes);
        if (type is 14 or 15 && (low >> 45 & 3) == 3)
            notes.Add("DPL 3: programs may raise it with INT n.");
        if (high is { } upper)
        {
            if (CanonicalAddress.Complain("The offset", offset) is { } complaint)
                notes.Add(complaint);
            if (upper >> 32 != 0)
                notes.Add("Reserved bits of the second half are set.");
        }
        else
        {
            notes.Add("In 64-bit mode a gate has 16 bytes; the second half holds bits 63:32 of the offset.");
        }
        return new Decoded
        {
            Title = $"gate 0x{low:x16}{(high is { } h ? $" 0x{h:x16}" : "")}: {name}",
            Source = type is 4 or 12 ? "Intel SDM vol. 3A, section 5.8.3" : "Intel SDM vol. 3A, sections 6.11 and 6.14.1",
            Fields = fields,
            Notes = notes,
        };
    }

    private static DecodedField[] BaseAndLimit(ulong low, ulong high) =>
    [
        new(high == 0 ? "63:56, 39:16" : "95:56, 39:16", "base", $"0x{Base(low, high):x}", "first address"),
        new("51:48, 15:0", "limit", $"0x{(low & 0xffff) | (low >> 32 & 0xf_0000):x}", $"last offset 0x{Limit(low):x}"),
    ];

    private static DecodedField[] Rights(ulong d) =>
    [
        new("44", "S", Bit(d, 44), (d & S) != 0 ? "code or data" : "system segment or gate"),
        new("46:45", "DPL", $"{d >> 45 & 3}", $"ring {d >> 45 & 3}{((d >> 45 & 3) == 3 ? ": programs may use it" : "")}"),
        new("47", "P", Bit(d, 47), (d & PresentBit) != 0 ? "present" : "not present"),
    ];

    private static DecodedField Granularity(ulong d) =>
        new("55", "G", Bit(d, 55), (d & GranularBit) != 0 ? "the limit counts pages of 4 KiB" : "the limit counts bytes");

    private static void AddPresent(ulong d, List<string> notes)
    {
        if ((d & PresentBit) == 0)
            notes.Add("Not present: using it raises #NP (#SS for a stack).");
    }

    private static int Type(ulong d) => (int)(d >> 40 & 15);

    private static bool IsGate(int type) => type is 4 or 5 or 6 or 7 or 12 or 14 or 15;

    private static ulong Base(ulong low, ulong high) => (low >> 16 & 0xff_ffff) | (low >> 56 << 24) | high << 32;

    private static ulong Limit(ulong d)
    {
        ulong limit = (d & 0xffff) | (d >> 32 & 0xf_0000);
        return (d & GranularBit) != 0 ? (limit << 12) | 0xfff : limit;
    }

    private static string Bit(ulong d, int bit) => $"{d >> bit & 1}";

    private static string CodeOrData(int type) => (type & 8) != 0
        ? $"code, execute{((type & 2) != 0 ? "/read" : "-only")}{((type & 4) != 0 ? ", conforming" : "")}{((type & 1) != 0 ? ", accessed" : "")}"
        : $"data, read{((type & 2) != 0 ? "/write" : "-only")}{((type & 4) != 0 ? ", expand-down" : "")}{((type & 1) != 0 ? ", accessed" : "")}";
}
