using System.Buffers.Binary;
using System.Net.Sockets;

namespace Faultline.Profiling;

/// <summary>
/// /tmp/perf-PID.map, in which perf(1) looks up code that is in no file: a line each, <c>START SIZE NAME</c> in hexadecimal. The runtime writes it, for its own methods
/// too, when it is told to at its diagnostics port (docs.microsoft.com: Diagnostic IPC Protocol, commands EnablePerfMap and DisablePerfMap), and adds each method as it is
/// compiled, regions under the name that <see cref="Cpu.Profiling.RegionProfile.MethodName"/> gives them. At the end those lines are rid of what the runtime puts around it.
/// </summary>
internal static class PerfMap
{
    private const byte ProcessCommands = 4;
    private const byte Enable = 5;
    private const byte Disable = 6;
    private const byte ServerResponse = 0xff;
    private const byte Success = 0;
    private const int HeaderLength = 20;
    private const string DynamicClass = "dynamicClass::guest:";

    /// <summary>PerfMapType: the map without the larger dump of code.</summary>
    private const int OnlyMap = 3;

    private static readonly Lock s_lock = new();
    private static int s_users;

    /// <summary>Where perf looks.</summary>
    public static string FileName => $"/tmp/perf-{Environment.ProcessId}.map";

    /// <summary>Whether perf would look there: with W^X the runtime's code is mapped from a file, and perf looks in that.</summary>
    public static bool IsUsedByPerf => (Environment.GetEnvironmentVariable("DOTNET_EnableWriteXorExecute") ?? Environment.GetEnvironmentVariable("COMPlus_EnableWriteXorExecute")) == "0";

    /// <summary>Finds out whether the runtime can write the map.</summary>
    /// <exception cref="NotSupportedException">It cannot; the message says why.</exception>
    public static void Check()
    {
        if (Port() is null)
            throw new NotSupportedException("the perf map needs the diagnostics port of .NET, which DOTNET_EnableDiagnostics=0, or a temporary folder that cannot be written, takes away");
    }

    /// <summary>Has the map written until <see cref="End"/> was called as often.</summary>
    public static void Begin()
    {
        lock (s_lock)
        {
            if (s_users++ == 0)
                Command(Enable, OnlyMap);
        }
    }

    /// <summary>Completes the map when nobody needs more of it.</summary>
    public static void End()
    {
        lock (s_lock)
        {
            if (--s_users > 0)
                return;
            Command(Disable);
            string written = Path.Combine(Environment.GetEnvironmentVariable("DOTNET_PerfMapJitDumpPath") ?? Path.GetTempPath(), Path.GetFileName(FileName));
            string[] lines = [.. File.ReadLines(written).Select(Plain).Distinct()];
            File.Delete(written);
            File.Delete(FileName);
            using StreamWriter map = new(new FileStream(FileName, FileMode.CreateNew)) { NewLine = "\n" };
            foreach (string line in lines)
                map.WriteLine(line);
        }
    }

    /// <summary>A line with the guest's name alone, when it is a region's: <c>START SIZE TYPE dynamicClass::NAME(TYPES)[Optimized]</c>.</summary>
    private static string Plain(string line)
    {
        int name = line.IndexOf(DynamicClass, StringComparison.Ordinal);
        int type = name < 0 ? -1 : line.IndexOf(' ', line.IndexOf(' ') + 1);
        int end = name < 0 ? -1 : line.IndexOf("](", name, StringComparison.Ordinal);
        return end < 0 ? line : $"{line[..type]} {line[(name + DynamicClass.Length - "guest:".Length)..(end + 1)]}";
    }

    /// <summary>The port of this process; a process that had the same number may have left an older one.</summary>
    private static string? Port() =>
        Directory.EnumerateFiles(Path.GetTempPath(), $"dotnet-diagnostic-{Environment.ProcessId}-*-socket").MaxBy(File.GetLastWriteTimeUtc);

    /// <summary>Sends a command: magic, length of the message, command set and command, 2 bytes of zero, the arguments; and reads the answer.</summary>
    private static void Command(byte command, params ReadOnlySpan<int> arguments)
    {
        byte[] message = new byte[HeaderLength + arguments.Length * 4];
        "DOTNET_IPC_V1\0"u8.CopyTo(message);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
        message[16] = ProcessCommands;
        message[17] = command;
        for (int i = 0; i < arguments.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(HeaderLength + i * 4), arguments[i]);

        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(Port() ?? throw new IOException("the diagnostics port is gone")));
        using NetworkStream stream = new(socket);
        stream.Write(message);
        byte[] answer = new byte[HeaderLength];
        stream.ReadExactly(answer);
        if (answer[16] != ServerResponse || answer[17] != Success)
            throw new IOException($"the runtime refuses to write a perf map: {Convert.ToHexStringLower(answer)}");
    }
}
