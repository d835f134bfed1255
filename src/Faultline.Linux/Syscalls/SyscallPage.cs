using System.Text;
using Faultline.Linux.Abi;

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
        return page.ToString();
    }

    private static string Describe(Support support) => support switch
    {
        Support.Full => "full",
        Support.Partial => "partial",
        Support.Refused => "refused",
        _ => "missing",
    };
}
