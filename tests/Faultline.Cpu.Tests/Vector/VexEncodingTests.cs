using System.Runtime.InteropServices;
using System.Text;
using Faultline.Cpu.Tests.Differential;
using Faultline.Cpu.Tests.Float;
using Iced.Intel;

namespace Faultline.Cpu.Tests.Vector;

/// <summary>What a VEX prefix must not be: beside other prefixes, with a register it does not use, or of the wrong length.</summary>
public sealed class VexEncodingTests
{
    /// <summary>
    /// Damages the prefixes of every VEX form in the table and compares with the host. Where the damage makes another instruction the case is dropped.
    /// </summary>
    [NativeFact(DecidesAlike = true)]
    public void DamagedPrefixesEndAsOnTheHost()
    {
        const int cases = 60;
        using DifferentialRunner runner = new();
        StringBuilder report = new();
        int invalid = 0;
        foreach (Code code in DifferentialSettings.TableForms.Where(c => c.ToOpCode().Encoding == EncodingKind.VEX && ExcludedForms.Reason(c) is null))
        {
            for (int i = 0; i < cases; i++)
            {
                if (CaseGenerator.OfForm(code, 3, i) is not { } test)
                    continue;
                Damage(SplitMix.Of(5, (int)code, i), test.Bytes);
                // Whether 16 bytes are too many or the VEX prefix is bad comes first is the processor's choice.
                if (test.Bytes.Count > 15)
                    continue;
                Instruction decoded = Iced.Intel.Decoder.Create(64, test.Bytes.ToArray(), test.Rip).Decode();
                test.Instructions.Clear();
                if (decoded.IsInvalid)
                    invalid++;
                else if (decoded.Code == code)
                    test.Instructions.Add(decoded);
                else
                    continue;
                List<string> differences = runner.Differences(test);
                if (differences.Count == 0)
                    continue;
                report.AppendLine($"{code}: {Convert.ToHexString(CollectionsMarshal.AsSpan(test.Bytes))}").AppendJoin('\n', differences).AppendLine();
                break;
            }
        }
        Assert.True(report.Length == 0, report.ToString());
        Assert.True(invalid > 1000, $"{invalid} invalid encodings");
    }

    private static void Damage(SplitMix random, List<byte> bytes)
    {
        int vex = bytes.FindIndex(b => b is 0xc4 or 0xc5);
        int last = vex + (bytes[vex] == 0xc4 ? 2 : 1);
        switch (random.Below(5))
        {
            case 0:
                bytes.Insert(vex, random.Pick<byte>([0x66, 0xf0, 0xf2, 0xf3, (byte)(0x40 + random.Below(16))]));
                break;
            case 1:
                bytes[last] ^= (byte)((1 + random.Below(15)) << 3);
                break;
            case 2:
                bytes[last] ^= 4;
                break;
            case 3:
                bytes[last] ^= (byte)(1 + random.Below(3));
                break;
            default:
                // An opcode map that does not exist, or the length bit where there is no map.
                bytes[bytes[vex] == 0xc4 ? vex + 1 : last] ^= (byte)(bytes[vex] == 0xc4 ? 0x10 : 4);
                break;
        }
    }
}
