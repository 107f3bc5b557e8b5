// The network page's stages: the network itself, and what its outputs are read as.
import { NetworkStage } from "./network.js";
import { LogitsBars } from "./reading.js";

const STAGES = { network: NetworkStage, reading: LogitsBars };

/**
 * @param {any} root
 * @param {import("../shared/types").ViewArguments<
 *   import("../shared/types").NetNetworkData | import("../shared/types").NetReadingData>} args
 */
export function mount(root, args) {
  return new STAGES[args.data.show](root);
}
