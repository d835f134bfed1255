namespace Faultline.Explain.Decode.Msrs;

/// <summary>Finds model-specific registers by number and by name, and decodes their values.</summary>
internal static class MsrDecoder
{
    private const string Source = "Intel SDM vol. 4, chapter 2; AMD APM vol. 2, appendix A; Linux: arch/x86/include/asm/msr-index.h";

    /// <summary>Names of Linux's that are not the manual's, without their prefixes.</summary>
    private static readonly Dictionary<string, string> _linuxNames = new(StringComparer.Ordinal)
    {
        ["TSC"] = "TIME_STAMP_COUNTER",
        ["APICBASE"] = "APIC_BASE",
        ["FEAT_CTL"] = "FEATURE_CONTROL",
        ["UCODE_WRITE"] = "BIOS_UPDT_TRIG",
        ["UCODE_REV"] = "BIOS_SIGN_ID",
        ["PATCH_LEVEL"] = "BIOS_SIGN_ID",
        ["CORE_CAPS"] = "CORE_CAPABILITIES",
        ["DEBUGCTLMSR"] = "DEBUGCTL",
        ["CR_PAT"] = "PAT",
        ["MTRRDEFTYPE"] = "MTRR_DEF_TYPE",
        ["SYSCALL_MASK"] = "FMASK",
        ["SFMASK"] = "FMASK",
        ["INT_SSP_TAB"] = "INTERRUPT_SSP_TABLE_ADDR",
    };

    /// <summary>Decodes <c>NUMBER-OR-NAME [VALUE]</c>.</summary>
    public static DecodeOutcome Decode(DecodeRequest request)
    {
        if (request.Words.Count is 0 or > 2)
            return DecodeOutcome.Fail("an MSR is a number or a name, and after it may come its value");
        string word = request.Words[0].Trim();
        IReadOnlyList<Msr> found = FindName(word);
        if (found.Count == 0 && ValueText.TryHexadecimal(word, out ulong number, out _))
        {
            if (number > uint.MaxValue)
                return DecodeOutcome.Fail($"MSR numbers have 32 bits; 0x{number:x} has more");
            found = FindNumber((uint)number) is { } msr ? [msr] : [];
            if (found.Count == 0)
                return DecodeOutcome.Fail($"no MSR 0x{number:x} is known (numbers are hexadecimal here)");
        }
        if (found.Count == 0)
            return DecodeOutcome.Fail($"no MSR is called '{ValueText.Shown(word)}'");
        if (found.Count > 1)
            return DecodeOutcome.Fail($"'{ValueText.Shown(word)}' is part of several names: {string.Join(", ", found.Take(8).Select(m => m.Name))}");
        if (request.Words.Count == 1)
            return Describe(found[0]);
        return ValueText.TryHexadecimal(request.Words[1], out ulong value, out string error) ? Describe(found[0], value) : DecodeOutcome.Fail(error);
    }

    /// <summary>The register of a number; null when none is known.</summary>
    public static Msr? FindNumber(uint number)
    {
        foreach (Msr msr in MsrTable.Rows)
        {
            if (msr.Number == number)
                return msr;
        }
        foreach ((uint first, uint last, uint step, string name, string meaning) in MsrTable.Ranges)
        {
            if (number < first || number > last)
                continue;
            uint index = (number - first) / step, part = (number - first) % step;
            // A step of more than one register: the name lists the parts.
            string[] parts = name.Split('/');
            return new(number, parts[Math.Min((int)part, parts.Length - 1)].Replace("#", $"{index}", StringComparison.Ordinal), meaning);
        }
        return null;
    }

    /// <summary>Registers of a name: the whole name, with or without <c>IA32_</c> or <c>MSR_</c>; else those that contain it.</summary>
    public static IReadOnlyList<Msr> FindName(string name)
    {
        string bare = Bare(name);
        if (bare.Length < 2 || !bare.Any(char.IsAsciiLetter) || bare.StartsWith("0X", StringComparison.Ordinal))
            return [];
        List<Msr> whole = [.. MsrTable.Rows.Where(msr => Bare(msr.Name) == bare)];
        if (whole.Count > 0)
            return whole;
        // Digits alone may be a number: only longer words are searched for inside names.
        return bare.Length < 4 || bare.All(char.IsAsciiHexDigit) ? [] : [.. MsrTable.Rows.Where(msr => Bare(msr.Name).Contains(bare, StringComparison.Ordinal))];
    }

    private static string Bare(string name)
    {
        string upper = name.ToUpperInvariant();
        foreach (string prefix in (ReadOnlySpan<string>)["MSR_IA32_", "IA32_", "MSR_AMD64_", "MSR_"])
        {
            if (upper.StartsWith(prefix, StringComparison.Ordinal))
            {
                upper = upper[prefix.Length..];
                break;
            }
        }
        return _linuxNames.GetValueOrDefault(upper, upper);
    }

    private static Decoded Describe(Msr msr) => new()
    {
        Title = $"MSR 0x{msr.Number:x}: {msr.Name}",
        Source = Source,
        Notes = [$"{char.ToUpperInvariant(msr.Meaning[0])}{msr.Meaning[1..]}."],
    };

    private static Decoded Describe(Msr msr, ulong value)
    {
        Decoded decoded = Describe(msr);
        if (msr.Layout is not { } layout)
        {
            List<string> notes = [.. decoded.Notes];
            if (MsrTable.HoldAddresses.Contains(msr.Number) && Descriptors.CanonicalAddress.Complain("The address", value) is { } complaint)
                notes.Add(complaint);
            return decoded with { Title = $"{decoded.Title} = 0x{value:x16}", Notes = notes };
        }
        Decoded fields = layout.Decode(value);
        return fields with { Title = $"{decoded.Title} = 0x{value:x16}", Notes = [.. decoded.Notes, .. fields.Notes] };
    }
}
