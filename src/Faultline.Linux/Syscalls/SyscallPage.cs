using System.Text;
using Faultline.Linux.Abi;
using Faultline.Linux.Syscalls.Compat;

namespace Faultline.Linux.Syscalls;

/// <summary>The compatibility page, docs/syscalls.md, made from the live table. A test compares it with the file.</summary>
internal static class SyscallPage
{
    /// <summary>The page in Markdown.</summary>
    public static string Build()
    {
        StringBuilder rows = new();
        int[] counts = new int[4];
        for (int number = 0; number < Nr.Limit; number++)
        {
            if (SyscallTable.Find(number) is not { } row)
                continue;
            counts[(int)row.Support]++;
            rows.Append("| ").Append(number).Append(" | `").Append(row.Name).Append("` | ").Append(Describe(row.Support)).Append(" | ")
                .Append(row.Note).Append(" |\n");
        }
        StringBuilder page = new();
        page.Append("# System calls\n\n");
        page.Append("Made from the system call table by `SyscallPage`; a test compares the two. Every number of x86-64 has a row.\n\n");
        page.Append("| support | calls | meaning |\n| --- | --- | --- |\n");
        page.Append("| full | ").Append(counts[(int)Support.Full]).Append(" | everything a program can observe |\n");
        page.Append("| partial | ").Append(counts[(int)Support.Partial]).Append(" | what is there is exact; the note says what is refused |\n");
        page.Append("| refused | ").Append(counts[(int)Support.Refused]).Append(" | the errno that Linux gives without the privilege, or for a call it removed |\n");
        page.Append("| missing | ").Append(counts[(int)Support.Missing]).Append(" | ENOSYS, and counted by `--stats` |\n\n");
        page.Append("| number | name | support | note |\n| --- | --- | --- | --- |\n").Append(rows);
        AppendCompat(page);
        return page.ToString();
    }

    /// <summary>The i386 calls that work, and the names of those that do not.</summary>
    private static void AppendCompat(StringBuilder page)
    {
        StringBuilder rows = new();
        List<string> missing = [];
        for (int number = 0; number < Nr.Limit; number++)
        {
            if (CompatTable.Find(number) is not { } row)
                continue;
            if (row.Support == Support.Missing)
                missing.Add($"`{row.Name}`");
            else
                rows.Append("| ").Append(number).Append(" | `").Append(row.Name).Append("` | ").Append(Describe(row.Support)).Append(" | ").Append(row.Note).Append(" |\n");
        }
        page.Append("\n## 32-bit calls\n\n");
        page.Append("INT 80h from 64-bit code takes i386 numbers and the low halves of EBX, ECX, EDX, ESI, EDI and EBP. Calls whose arguments have the layout of\n");
        page.Append("their 64-bit siblings are those; files are opened as with O_LARGEFILE. There are no 32-bit code segments.\n\n");
        page.Append("| number | name | support | note |\n| --- | --- | --- | --- |\n").Append(rows);
        page.Append("\nMissing (ENOSYS, and counted by `--stats`): ").AppendJoin(", ", missing).Append(".\n");
    }

    private static string Describe(Support support) => support switch
    {
        Support.Full => "full",
        Support.Partial => "partial",
        Support.Refused => "refused",
        _ => "missing",
    };
}
