namespace Faultline.Explain.Decode.Numbers;

/// <summary>System calls by number or name, on one architecture or on all.</summary>
internal static class SyscallDecoder
{
    /// <summary>Decodes <c>[ARCHITECTURE] NUMBER-OR-NAME</c>.</summary>
    public static DecodeOutcome Decode(DecodeRequest request)
    {
        string architectures = string.Join(", ", SyscallNames.All.Select(names => names.Name));
        if (request.Words.Count is 0 or > 2)
            return DecodeOutcome.Fail($"a system call is a number or a name, after an architecture if wanted: {architectures}");
        IReadOnlyList<SyscallNames> where = SyscallNames.All;
        if (request.Words.Count == 2)
        {
            if (SyscallNames.Find(request.Words[0].Trim()) is not { } one)
                return DecodeOutcome.Fail($"no architecture '{ValueText.Shown(request.Words[0])}'; there are {architectures}");
            where = [one];
        }
        string word = request.Words[^1].Trim();
        string name = word.StartsWith("__NR_", StringComparison.Ordinal) ? word[5..] : word.StartsWith("sys_", StringComparison.Ordinal) ? word[4..] : word;
        bool isNumber = ValueText.TryDecimal(word, out ulong value, out _) && (char.IsAsciiDigit(word[0]) || word[0] == '-');
        if (isNumber && value > int.MaxValue)
            return DecodeOutcome.Fail(value == ulong.MaxValue ? "-1 is no system call: the kernel leaves it there when none is in progress" : $"{ValueText.Shown(word)} is no system call");
        List<DecodedField> fields = [];
        foreach (SyscallNames names in where)
        {
            if (isNumber)
            {
                if (names.ByNumber.TryGetValue((int)value, out string? found))
                    fields.Add(new(names.Name, found, $"{value}", $"0x{value:x}"));
            }
            else if (names.Find(name, StringComparison.OrdinalIgnoreCase) is { } number)
            {
                fields.Add(new(names.Name, names.ByNumber[number], $"{number}", $"0x{number:x}"));
            }
        }
        if (fields.Count == 0)
        {
            return DecodeOutcome.Fail(isNumber
                ? $"no system call {value} on {(where.Count == 1 ? where[0].Name : "any architecture")}"
                : $"no system call '{ValueText.Shown(word)}' on {(where.Count == 1 ? where[0].Name : "any architecture")}");
        }
        return new Decoded
        {
            Title = isNumber ? $"system call {value}" : $"system call {fields[0].Name}",
            Source = "the kernel's syscall.tbl of each architecture; include/uapi/asm-generic/unistd.h",
            Fields = fields,
        };
    }
}
