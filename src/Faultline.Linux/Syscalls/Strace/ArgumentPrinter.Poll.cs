using System.Text;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls.Strace;

// poll, select and epoll.
internal static partial class ArgumentPrinter
{
    private const ulong PollSize = 8;
    private const ulong EpollSize = 12;
    private const int EpollDelete = 2;

    private static void AppendPoll(Task task, StringBuilder line, ulong array, uint count)
    {
        if (array == 0)
        {
            line.Append("NULL");
            return;
        }
        line.Append('[');
        for (uint i = 0; i < count && task.Memory.TryRead(array + i * PollSize, out ulong item); i++)
        {
            line.Append(i == 0 ? "{fd=" : ", {fd=").Append((int)item);
            if ((int)item >= 0)
            {
                line.Append(", events=");
                AppendFlags(line, (ushort)(item >> 32), NameTables.PollEvent, "POLL???");
            }
            line.Append('}');
        }
        line.Append(']');
    }

    private static string PollOutcome(Task task, StraceCall call, long result)
    {
        if (result == 0)
            return " (Timeout)";
        StringBuilder text = new(" ([");
        bool first = true;
        uint count = (uint)call.Arguments.A1;
        for (uint i = 0; i < count && task.Memory.TryRead(call.Arguments.A0 + i * PollSize, out ulong item); i++)
        {
            ushort events = (ushort)(item >> 48);
            if ((int)item < 0 || events == 0)
                continue;
            text.Append(first ? "{fd=" : ", {fd=").Append((int)item).Append(", revents=");
            AppendFlags(text, events, NameTables.PollEvent, "POLL???");
            text.Append('}');
            first = false;
        }
        return text.Append("])").ToString();
    }

    private static void AppendFdSet(Task task, StringBuilder line, ulong address, int limit)
    {
        if (address == 0)
        {
            line.Append("NULL");
            return;
        }
        line.Append('[');
        bool first = true;
        for (int fd = 0; fd < Math.Min(limit, 65536) && task.Memory.TryRead(address + (ulong)(fd / 8), out byte bits); fd++)
        {
            if ((bits & (1 << (fd % 8))) == 0)
                continue;
            if (!first)
                line.Append(' ');
            first = false;
            line.Append(fd);
        }
        line.Append(']');
    }

    /// <summary>Appends a struct epoll_event, which is packed on x86-64. False when it cannot be read.</summary>
    private static bool AppendEvent(Task task, StringBuilder line, ulong address)
    {
        if (!task.Memory.TryRead(address, out uint events) || !task.Memory.TryRead(address + sizeof(uint), out ulong data))
            return false;
        line.Append("{events=");
        AppendFlags(line, events, NameTables.EpollEvents, "EPOLL???");
        line.Append(", data={u32=").Append((uint)data).Append(", u64=").Append(data).Append("}}");
        return true;
    }

    private static void AppendEvents(Task task, StringBuilder line, ulong array, long count)
    {
        line.Append('[');
        for (long i = 0; i < count; i++)
        {
            if (i > 0)
                line.Append(", ");
            if (!AppendEvent(task, line, array + (ulong)i * EpollSize))
                break;
        }
        line.Append(']');
    }
}
